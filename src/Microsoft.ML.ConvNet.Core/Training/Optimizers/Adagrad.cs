using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Optimizers;

/// <summary>
/// Adagrad (Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011): the gradient is
/// divided by the root of the sum of all its squares, s = s + g^2 and w = w - rate g / (sqrt(s) + epsilon), where the rate of step t is the
/// learning rate / (1 + (t - 1) learning rate decay).
/// </summary>
public sealed record Adagrad : Optimizer
{
    /// <inheritdoc/>
    public override string Name => "Adagrad";

    /// <summary>The learning rate; 0.01 where not given.</summary>
    public override float LearningRate { get; init; } = 0.01f;

    /// <summary>The factor of the weights that is added to their gradient; 0 where not given.</summary>
    public override float WeightDecay { get; init; }

    /// <summary>How fast the learning rate falls beside the schedule; 0, not at all, where not given.</summary>
    public float LearningRateDecay { get; init; }

    /// <summary>The sum of squares before the first step; 0 where not given.</summary>
    public float InitialAccumulator { get; init; }

    /// <summary>What keeps the divisor from zero; 1e-10 where not given.</summary>
    public float Epsilon { get; init; } = 1e-10f;

    internal override int SlotCount => 1;

    internal override float InitialSlotValue => InitialAccumulator;

    internal override void Check()
    {
        base.Check();
        RequireRange(
            LearningRateDecay is >= 0 and < float.PositiveInfinity, "decay of the learning rate", "at least 0", LearningRateDecay);
        RequireRange(InitialAccumulator is >= 0 and < float.PositiveInfinity, "initial accumulator", "at least 0", InitialAccumulator);
        RequireRange(Epsilon is > 0 and < float.PositiveInfinity, "epsilon", "more than 0", Epsilon);
    }

    private protected override void Update(WorkerGang gang, UpdateTarget target, OptimizerState state, float learningRate) =>
        OptimizerUpdates.Run(
            gang, target, new AdagradRule(learningRate / (1.0 + ((state.Step - 1) * (double)LearningRateDecay)), Epsilon));
}
