using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Losses;
using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Steps;

/// <summary>
/// How a training makes one step after another: the session that computes a batch's gradient, and what the optimizer makes of the weights
/// by it. One thread uses it at a time.
/// </summary>
internal abstract unsafe class TrainingStep : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly int _maximumBatch;
    private HashSet<string> _frozen;
    private RunningMetrics _ofStep;

    /// <summary>Compiles the network for training and takes the memory for its largest batch.</summary>
    /// <param name="state">The training, whose weights each step changes.</param>
    /// <param name="options">Loss, optimizer, frozen layers, seed and threads.</param>
    /// <param name="maximumBatch">The largest batch.</param>
    protected TrainingStep(TrainingState state, TrainingOptions options, int maximumBatch)
    {
        State = state;
        _options = options;
        _maximumBatch = maximumBatch;
        _frozen = FrozenNow();
        Session = NewSession();
    }

    /// <summary>What computes the losses and gradients: it is given the samples of a batch and runs it.</summary>
    public TrainingSession Session { get; private set; }

    /// <summary>The number of batches of a step.</summary>
    public abstract int Batches { get; }

    /// <summary>The training.</summary>
    protected TrainingState State { get; }

    /// <summary>Makes the step of the state's next batches.</summary>
    /// <param name="source">The batches of the epoch.</param>
    /// <param name="cancellationToken">Ends it before the weights are changed.</param>
    /// <returns>False where it was cancelled.</returns>
    public abstract bool Run(BatchSource source, CancellationToken cancellationToken);

    /// <summary>Compiles the network anew where other layers are frozen than before.</summary>
    public void Refreeze()
    {
        HashSet<string> frozen = FrozenNow();
        if (!frozen.SetEquals(_frozen))
        {
            TrainingChecks.RequireTrained(State.Network, frozen.Contains, FormattableString.Invariant($" in epoch {State.Epoch + 1}"));
            _frozen = frozen;
            Session.Dispose();
            Session = NewSession();
        }
    }

    /// <summary>Moves the weights by the gradient of the session, made smaller first where its elements or its length are limited.</summary>
    /// <param name="learningRate">The learning rate of this step.</param>
    public void Update(float learningRate)
    {
        using WorkerGang gang = Session.Lease();
        Clip(gang);
        _options.Optimizer.Update(
            gang, Session.Weights.Pointer, Session.Gradients, Session.TrainableRuns, State.OptimizerState, learningRate);
    }

    /// <inheritdoc/>
    public virtual void Dispose() => Session.Dispose();

    /// <summary>Computes the gradient of a batch.</summary>
    /// <returns>The number of its samples; 0 where it was cancelled.</returns>
    protected int ComputeGradient(BatchSource source, int batch, CancellationToken cancellationToken)
    {
        ReadOnlySpan<int> indices = source.Read(batch, Session, cancellationToken);
        if (indices.IsEmpty || !Session.Step(indices.Length, (uint)State.Epoch, clock: null, cancellationToken))
        {
            return 0;
        }

        Measure(source, indices);
        return indices.Length;
    }

    /// <summary>Forgets the losses of batches of a step that is not completed.</summary>
    protected void ForgetStep() => _ofStep = default;

    /// <summary>Moves the weights, and counts the step and its batches.</summary>
    protected void CompleteStep(BatchSource source, int batches)
    {
        float rate = _options.LearningRate ?? _options.Optimizer.LearningRate;
        long steps = (long)Rounding.DivideUp(source.Count, Batches) * State.Epochs;
        State.StepLoss = _ofStep.Loss;
        _ofStep = default;
        State.LearningRate = rate * _options.Schedule.FactorAt(State.Epoch, State.Step, steps) * State.LearningRateFactor;
        State.OptimizerState.Momentum = _options.Schedule.MomentumAt(State.Step, steps);
        Update(State.LearningRate);
        State.Step++;
        State.Batch += batches;
    }

    private HashSet<string> FrozenNow() => new(
        LayerSettings.Frozen(_options, State.Network).Concat(State.FrozenLayers), StringComparer.Ordinal);

    private (float LearningRateFactor, float? WeightDecay) SettingsOf(string layer) =>
        LayerSettings.GroupOf(_options, layer) is { } group ? (group.LearningRateFactor, group.WeightDecay) : (1, null);

    private TrainingSession NewSession() => new(
        State.Network,
        State.Weights,
        _options.Loss,
        _maximumBatch,
        _options.NumberOfThreads,
        _options.Seed,
        _frozen.Count == 0 ? null : _frozen.Contains,
        options: _options.PlanOptions,
        settingsOf: _options.Groups.Count == 0 ? null : SettingsOf,
        auxiliaryLosses: HeadSettings.Of(_options, State.Network),
        mixes: _options.Mixup > 0 || _options.CutMix > 0);

    private void Measure(BatchSource source, ReadOnlySpan<int> indices)
    {
        int outputs = State.Network.OutputShape.ElementCount;
        RunningMetrics ofEpoch = State.Metrics;
        for (int i = 0; i < indices.Length; i++)
        {
            float loss = Session.Losses[i];
            ClassTarget target = source.TargetsAreValues ? new ClassTarget(-1, -1, 1) : source.TargetOf(indices[i]);
            if (target.First >= 0 || source.TargetsAreValues)
            {
                // Of two classes that were mixed, the one with the greater share is the one to be found.
                int label = target.Share >= 0.5f ? target.First : target.Second;
                ReadOnlySpan<float> scores = new(Session.Outputs + ((nint)i * outputs), outputs);
                double weight = source.WeightOf(indices[i], target, _options.Loss);
                ofEpoch.Add(loss, weight, label >= 0 && ArgMax.Of(scores) == label);
                _ofStep.Add(loss, weight, isCorrect: false);
            }
        }

        State.Metrics = ofEpoch;
    }

    private void Clip(WorkerGang gang)
    {
        if (_options.ClipGradientValue is { } most)
        {
            for (int i = 0; i < Session.TrainableRuns.Count; i++)
            {
                (nint offset, nint length) = (Session.TrainableRuns[i].Offset, Session.TrainableRuns[i].Length);
                OptimizerUpdates.Clamp(gang, length, Session.Gradients + offset, most);
            }
        }

        if (_options.ClipGradientNorm is not { } limit)
        {
            return;
        }

        double squares = 0;
        for (int i = 0; i < Session.TrainableRuns.Count; i++)
        {
            (nint offset, nint length) = (Session.TrainableRuns[i].Offset, Session.TrainableRuns[i].Length);
            squares += OptimizerUpdates.SumOfSquares(gang, length, Session.Gradients + offset);
        }

        double norm = Math.Sqrt(squares);
        if (norm > limit)
        {
            float factor = (float)(limit / norm);
            for (int i = 0; i < Session.TrainableRuns.Count; i++)
            {
                (nint offset, nint length) = (Session.TrainableRuns[i].Offset, Session.TrainableRuns[i].Length);
                ElementwiseKernels.Scale(gang, Session.Gradients + offset, Session.Gradients + offset, factor, length);
            }
        }
    }
}
