using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>
/// One step of a training after another: the session that computes a batch's gradient, and what the optimizer makes of the weights by it.
/// One thread uses it at a time.
/// </summary>
internal sealed unsafe class TrainingStep : IDisposable
{
    private readonly Optimizer _optimizer;
    private readonly float? _clipGradientNorm;
    private OptimizerState _state;

    /// <summary>Compiles a network for training and takes the memory for its largest batch; the weights are changed by each step.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="options">Loss, optimizer, frozen layers, seed and threads.</param>
    /// <param name="maximumBatch">The largest batch.</param>
    public TrainingStep(Network network, Weights weights, TrainingOptions options, int maximumBatch)
    {
        _optimizer = options.Optimizer;
        _clipGradientNorm = options.ClipGradientNorm;
        HashSet<string> frozen = new(options.FrozenLayers, StringComparer.Ordinal);
        Session = new TrainingSession(
            network,
            weights,
            options.Loss,
            maximumBatch,
            options.NumberOfThreads,
            options.Seed,
            frozen.Count == 0 ? null : frozen.Contains,
            options: options.PlanOptions);
        try
        {
            _state = new OptimizerState(_optimizer, weights);
        }
        catch
        {
            Session.Dispose();
            throw;
        }
    }

    /// <summary>What computes the losses and gradients: it is given the samples of a batch and runs it.</summary>
    public TrainingSession Session { get; }

    /// <summary>Moves the weights by the gradient of the session's last batch, shortened first where its length is limited.</summary>
    /// <param name="learningRate">The learning rate of this step.</param>
    public void Update(float learningRate)
    {
        using WorkerGang gang = Session.Lease();
        Clip(gang);
        _optimizer.Update(gang, Session.Weights.Pointer, Session.Gradients, Session.TrainableRuns, _state, learningRate);
    }

    /// <summary>Lets the optimizer forget the steps so far.</summary>
    public void Restart()
    {
        OptimizerState forgotten = _state;
        _state = new OptimizerState(_optimizer, Session.Weights);
        forgotten.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Session.Dispose();
        _state.Dispose();
    }

    private void Clip(WorkerGang gang)
    {
        if (_clipGradientNorm is not { } limit)
        {
            return;
        }

        double squares = 0;
        for (int i = 0; i < Session.TrainableRuns.Count; i++)
        {
            (nint offset, nint length, _) = Session.TrainableRuns[i];
            squares += OptimizerUpdates.SumOfSquares(gang, length, Session.Gradients + offset);
        }

        double norm = Math.Sqrt(squares);
        if (norm > limit)
        {
            float factor = (float)(limit / norm);
            for (int i = 0; i < Session.TrainableRuns.Count; i++)
            {
                (nint offset, nint length, _) = Session.TrainableRuns[i];
                ElementwiseKernels.Scale(gang, Session.Gradients + offset, Session.Gradients + offset, factor, length);
            }
        }
    }
}
