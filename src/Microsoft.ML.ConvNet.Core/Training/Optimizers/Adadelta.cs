using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Optimizers;

/// <summary>
/// Adadelta (Zeiler, "ADADELTA: an adaptive learning rate method", 2012): the ratio of two roots of running means makes the step, that of past
/// steps' squares and that of the gradient's: v = rho v + (1 - rho) g^2, d = g sqrt(u + epsilon) / sqrt(v + epsilon), u = rho u + (1 - rho) d^2
/// and w = w - learning rate d.
/// </summary>
public sealed record Adadelta : Optimizer
{
    /// <inheritdoc/>
    public override string Name => "Adadelta";

    /// <summary>The learning rate; 1 where not given.</summary>
    public override float LearningRate { get; init; } = 1f;

    /// <summary>The factor of the weights that is added to their gradient; 0 where not given.</summary>
    public override float WeightDecay { get; init; }

    /// <summary>How much of the means is kept, from 0 to less than 1; 0.9 where not given.</summary>
    public float Rho { get; init; } = 0.9f;

    /// <summary>What keeps the roots from zero, and sets the size of the first step; 1e-6 where not given.</summary>
    public float Epsilon { get; init; } = 1e-6f;

    internal override int SlotCount => 2;

    internal override void Check()
    {
        base.Check();
        RequireRange(Rho is >= 0 and < 1, "rho", "at least 0 and less than 1", Rho);
        RequireRange(Epsilon is > 0 and < float.PositiveInfinity, "epsilon", "more than 0", Epsilon);
    }

    private protected override void Update(WorkerGang gang, UpdateTarget target, OptimizerState state, float learningRate) =>
        OptimizerUpdates.Run(gang, target, new AdadeltaRule(learningRate, Rho, Epsilon));
}
