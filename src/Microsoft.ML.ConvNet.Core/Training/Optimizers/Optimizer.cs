using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Optimizers;

/// <summary>How the weights follow the gradient: the rule and its settings. What it remembers is held by the training.</summary>
public abstract unsafe record Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>What it is called.</summary>
    public abstract string Name { get; }

    /// <summary>The learning rate, with which a schedule's factor is multiplied.</summary>
    public abstract float LearningRate { get; init; }

    /// <summary>The weight decay; it applies to the weights of products and convolutions, not to biases, scales and shifts.</summary>
    public abstract float WeightDecay { get; init; }

    /// <summary>How many numbers it remembers for each weight.</summary>
    internal abstract int SlotCount { get; }

    /// <summary>Throws where a setting is out of its range.</summary>
    internal virtual void Check()
    {
        RequireRange(LearningRate is > 0 and < float.PositiveInfinity, "learning rate", "more than 0", LearningRate);
        RequireRange(WeightDecay is >= 0 and < float.PositiveInfinity, "weight decay", "at least 0", WeightDecay);
    }

    /// <summary>Makes one step.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="weights">The first float of the weights' block.</param>
    /// <param name="gradients">The gradient, laid out as the block.</param>
    /// <param name="runs">The stretches of the block that are trained.</param>
    /// <param name="state">What is remembered; its step is counted on.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    internal void Update(
        WorkerGang gang,
        float* weights,
        float* gradients,
        IReadOnlyList<(nint Offset, nint Length, bool Decays)> runs,
        OptimizerState state,
        float learningRate)
    {
        state.Step++;
        for (int i = 0; i < runs.Count; i++)
        {
            (nint offset, nint length, bool decays) = runs[i];
            Update(gang, weights + offset, gradients + offset, offset, length, state, learningRate, decays ? WeightDecay : 0);
        }
    }

    private protected abstract void Update(
        WorkerGang gang,
        float* weights,
        float* gradients,
        nint offset,
        nint length,
        OptimizerState state,
        float learningRate,
        float weightDecay);

    /// <summary>Throws where a setting is out of its range.</summary>
    private protected void RequireRange(bool isInRange, string setting, string range, float received) =>
        Setting.RequireRange(isInRange, $"{Name}: the {setting}", range, received);
}
