using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Steps;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>
/// Training steps with random samples, the same ones again and again and with a learning rate of 0, so that every step does the same work.
/// </summary>
internal sealed unsafe class TrainingStepProfiler : IDisposable
{
    private readonly SingleStep _step;
    private readonly TrainingSession _session;
    private readonly Optimizer _optimizer;
    private readonly NativeBuffer _samples;
    private readonly int _batch;

    /// <summary>Takes the memory for steps of the options' batch size; the weights' running statistics are changed.</summary>
    /// <param name="state">The training.</param>
    /// <param name="options">How the network is trained.</param>
    public TrainingStepProfiler(TrainingState state, TrainingOptions options)
    {
        Network network = state.Network;
        _batch = options.BatchSize;
        _optimizer = options.Optimizer;
        _step = new SingleStep(state, options, _batch);
        _session = _step.Session;
        int sampleLength = network.InputShape.ElementCount;
        _samples = new NativeBuffer((nuint)_batch * (nuint)sampleLength * sizeof(float));
        RandomStream random = new(options.Seed, RandomPurpose.Synthesis);
        for (nint i = 0; i < (nint)_batch * sampleLength; i++)
        {
            // One random sample, again and again.
            _samples.Floats[i] = i < sampleLength ? random.NextSingle(-1, 1) : _samples.Floats[i - sampleLength];
        }

        FillTargets(network.OutputShape.ElementCount);
    }

    /// <summary>Measures.</summary>
    /// <param name="runs">The number of steps to measure; 0 for as many as some seconds have room for.</param>
    public PlanProfile Run(int runs)
    {
        PlanClock clock = new(_session.Plan);
        clock.Measure(() => Step(clock), runs);
        Network network = _session.Network;
        PlanProfile profile = clock.ToProfile(network, _batch, _batch, _session.NumberOfThreads, isTraining: true, Memory());
        StepProfile update = new(
            "weights", StepKind.Update, _optimizer.Name, [(int)Math.Min(network.ParameterCount, int.MaxValue)], 0, 0, clock.TimeAfterSteps);
        return profile with { Steps = [.. profile.Steps, update] };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _step.Dispose();
        _samples.Dispose();
    }

    private void FillTargets(int outputs)
    {
        for (int i = 0; i < _batch; i++)
        {
            _session.SampleIds[i] = (uint)i;
            if (_session.TargetClasses != null)
            {
                _session.TargetClasses[i] = i % outputs;
            }

            if (_session.SecondClasses != null)
            {
                (_session.SecondClasses[i], _session.FirstShares[i]) = ((i + 1) % outputs, 0.5f);
            }
        }

        if (_session.TargetValues != null)
        {
            RandomStream random = new(1, RandomPurpose.Synthesis);
            for (nint i = 0; i < (nint)_batch * outputs; i++)
            {
                _session.TargetValues[i] = random.NextSingle(-1, 1);
            }
        }
    }

    private void Step(PlanClock clock)
    {
        // A step overwrites its samples.
        Buffer.MemoryCopy(_samples.Pointer, _session.Inputs, _samples.Length, _samples.Length);
        _session.Step(_batch, epoch: 0, clock);
        clock.RunAfterSteps(() => _step.Update(learningRate: 0));
    }

    private MemoryProfile Memory()
    {
        long block = (long)_session.Weights.Length * sizeof(float);
        return new MemoryProfile(
            (long)_session.ArenaBytes,
            PlanStepCost.LiveBytes(_session.Plan, _batch),
            ConstantBytes: 0,
            ParameterBytes: block,
            GradientBytes: block,
            OptimizerBytes: block * _optimizer.SlotCount,
            (long)_session.Plan.ScratchBytes * _session.NumberOfThreads);
    }
}
