using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training.Optimizers;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>
/// All that a training is at one moment: the weights, what the optimizer remembers, how far it is, how it went, and the best weights so
/// far. A training that is given such a state again goes on to the bits of one that never stopped.
/// </summary>
/// <remarks>
/// Callbacks read it, and decide by it; a callback that decides by what is here alone decides the same in a training that is resumed.
/// The weights are the training's to dispose of.
/// </remarks>
public sealed class TrainingState : IDisposable
{
    private readonly List<EpochMetrics> _history = [];
    private readonly HashSet<string> _frozenLayers = new(StringComparer.Ordinal);

    /// <summary>A training before its first step.</summary>
    /// <param name="weights">The weights, which are this state's from now on.</param>
    /// <param name="options">How it is trained: what the optimizer remembers, the epochs to come.</param>
    internal TrainingState(Weights weights, TrainingOptions options)
    {
        Weights = weights;
        Epochs = options.Epochs;
        NumberOfThreads = options.NumberOfThreads;
        OptimizerState = new OptimizerState(options.Optimizer, weights);
    }

    /// <summary>The network.</summary>
    public Network Network => Weights.Network;

    /// <summary>The weights as they are now.</summary>
    public Weights Weights { get; }

    /// <summary>A running average of the weights; null where none is kept.</summary>
    public Weights? AverageWeights { get; internal set; }

    /// <summary>The weights with which an epoch is judged, and which the training gives: their average where one is kept.</summary>
    public Weights JudgedWeights => AverageWeights ?? Weights;

    /// <summary>The weights after the best epoch; null where none are kept yet.</summary>
    public Weights? BestWeights { get; internal set; }

    /// <summary>How the epoch of <see cref="BestWeights"/> went.</summary>
    public EpochMetrics? BestEpoch { get; internal set; }

    /// <summary>The number of epochs that the training will have.</summary>
    public int Epochs { get; }

    /// <summary>The number of completed epochs: the present one, counted from 0.</summary>
    public int Epoch { get; internal set; }

    /// <summary>The number of batches of the present epoch that the weights have followed.</summary>
    public int Batch { get; internal set; }

    /// <summary>The number of steps so far, through all epochs.</summary>
    public long Step { get; internal set; }

    /// <summary>How each completed epoch went.</summary>
    public IReadOnlyList<EpochMetrics> History => _history;

    /// <summary>The mean loss of the batches of the last step; not a number before the first.</summary>
    public double StepLoss { get; internal set; } = double.NaN;

    /// <summary>The learning rate of the last step; 0 before the first.</summary>
    public float LearningRate { get; internal set; }

    /// <summary>What the learning rate of the schedule is multiplied by, as a callback that watches the training has it; 1 at first.</summary>
    public float LearningRateFactor { get; set; } = 1;

    /// <summary>The layers, by name, that keep their parameters in the present epoch, beside those of the options.</summary>
    public IReadOnlySet<string> FrozenLayers => _frozenLayers;

    /// <summary>Why the training ends before its last epoch; null where it does not.</summary>
    public string? StopReason { get; private set; }

    /// <summary>The most threads to use.</summary>
    internal int NumberOfThreads { get; }

    /// <summary>What the optimizer remembers.</summary>
    internal OptimizerState OptimizerState { get; }

    /// <summary>Whether somebody has received the weights.</summary>
    internal bool IsTaken { get; private set; }

    /// <summary>Losses and classes found of the present epoch.</summary>
    internal RunningMetrics Metrics { get; set; }

    /// <summary>Ends the training after the present epoch; after the one just completed where a callback is told of that.</summary>
    /// <param name="reason">Why, in a sentence.</param>
    public void Stop(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        StopReason ??= reason;
    }

    /// <summary>
    /// Has layers keep their parameters in the epoch that begins: to be called in <see cref="Callbacks.TrainingCallback.OnEpochBegin"/> of each epoch in which they do.
    /// </summary>
    /// <param name="layers">Their names.</param>
    /// <exception cref="ArgumentException">The network has no such layer.</exception>
    public void Freeze(params IEnumerable<string> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        foreach (string name in layers)
        {
            LayerPattern.Require(Network, name, nameof(Freeze));
            _ = _frozenLayers.Add(name);
        }
    }

    /// <summary>Lets no layer keep its parameters but those of the options.</summary>
    internal void Unfreeze() => _frozenLayers.Clear();

    /// <summary>Completes the present epoch.</summary>
    internal void Complete(EpochMetrics epoch)
    {
        _history.Add(epoch);
        Epoch++;
        Batch = 0;
        Metrics = default;
    }

    /// <summary>Keeps a copy of the judged weights as the best.</summary>
    internal void KeepAsBest(EpochMetrics epoch)
    {
        BestWeights ??= new Weights(Network);
        BestWeights.CopyFrom(JudgedWeights);
        BestEpoch = epoch;
    }

    /// <summary>The weights that the training gives, which are the receiver's from now on: the best where they are kept.</summary>
    internal Weights TakeWeights()
    {
        if ((BestWeights ?? AverageWeights) is { } chosen)
        {
            Weights.CopyFrom(chosen);
        }

        IsTaken = true;
        return Weights;
    }

    /// <summary>Frees what the training remembered, and the weights where nobody has received them: for the training alone, when it has ended.</summary>
    void IDisposable.Dispose()
    {
        OptimizerState.Dispose();
        AverageWeights?.Dispose();
        BestWeights?.Dispose();
        if (!IsTaken)
        {
            Weights.Dispose();
        }
    }
}
