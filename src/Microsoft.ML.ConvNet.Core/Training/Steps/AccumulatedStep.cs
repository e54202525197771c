using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Steps;

/// <summary>
/// The weights follow the mean gradient of the samples of several batches: as of one large batch, in the memory of a small one. Only batch
/// normalisation knows the difference, which takes the statistics of each batch. The last step of an epoch has the batches that are left.
/// </summary>
internal sealed unsafe class AccumulatedStep : TrainingStep
{
    private readonly NativeBuffer _sum;
    private readonly NativeBuffer _statistics;
    private readonly nint _firstStatistic;

    /// <summary>Takes the memory for the sum of gradients.</summary>
    /// <param name="state">The training, whose weights each step changes.</param>
    /// <param name="options">How it is trained; the number of batches of a step among it.</param>
    /// <param name="maximumBatch">The largest batch.</param>
    public AccumulatedStep(TrainingState state, TrainingOptions options, int maximumBatch)
        : base(state, options, maximumBatch)
    {
        Batches = options.AccumulatedBatches;
        try
        {
            _firstStatistic = state.Weights.FirstUntrained;
            _statistics = new NativeBuffer((nuint)Math.Max(state.Weights.Length - _firstStatistic, 1) * sizeof(float));
            _sum = new NativeBuffer((nuint)Math.Max(state.Weights.Length, 1) * sizeof(float));
        }
        catch
        {
            _statistics?.Dispose();
            base.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Batches { get; }

    /// <inheritdoc/>
    public override bool Run(BatchSource source, CancellationToken cancellationToken)
    {
        int batches = Math.Min(Batches, source.Count - State.Batch);
        int samples = source.SamplesBefore(State.Batch + batches) - source.SamplesBefore(State.Batch);
        RunningMetrics before = State.Metrics;
        float* statistics = State.Weights.Pointer + _firstStatistic;
        nuint bytes = (nuint)(State.Weights.Length - _firstStatistic) * sizeof(float);
        Buffer.MemoryCopy(statistics, _statistics.Pointer, _statistics.Length, bytes);
        bool isComplete = false;
        try
        {
            isComplete = AddGradients(source, batches, samples, cancellationToken);
        }
        finally
        {
            // The step is made anew, or not at all: its batches have moved the running statistics.
            if (!isComplete)
            {
                State.Metrics = before;
                ForgetStep();
                Buffer.MemoryCopy(_statistics.Pointer, statistics, bytes, bytes);
            }
        }

        if (isComplete)
        {
            CompleteStep(source, batches);
        }

        return isComplete;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _sum.Dispose();
        _statistics.Dispose();
    }

    private bool AddGradients(BatchSource source, int batches, int samples, CancellationToken cancellationToken)
    {
        for (int i = 0; i < batches; i++)
        {
            int count = ComputeGradient(source, State.Batch + i, cancellationToken);
            if (count == 0)
            {
                return false;
            }

            Add((float)count / samples, isFirst: i == 0, isLast: i == batches - 1);
        }

        return true;
    }

    /// <summary>Adds the gradient of a batch with its share of the samples; the last one puts the sum in the gradient's place.</summary>
    private void Add(float share, bool isFirst, bool isLast)
    {
        using WorkerGang gang = Session.Lease();
        for (int i = 0; i < Session.TrainableRuns.Count; i++)
        {
            (nint offset, nint length, _) = Session.TrainableRuns[i];
            float* gradient = Session.Gradients + offset;
            float* sum = _sum.Floats + offset;
            if (isFirst)
            {
                ElementwiseKernels.Scale(gang, gradient, sum, share, length);
            }
            else
            {
                ElementwiseKernels.AccumulateScaled(gang, gradient, sum, share, length);
            }

            if (isLast)
            {
                ElementwiseKernels.Copy(gang, sum, gradient, length);
            }
        }
    }
}
