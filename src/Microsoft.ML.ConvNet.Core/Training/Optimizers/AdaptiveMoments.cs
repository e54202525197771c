using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Optimizers;

/// <summary>
/// What <see cref="Adam"/> and <see cref="AdamW"/> have in common: running means of the gradient g and of its square,
/// m = beta1 m + (1 - beta1) g and v = beta2 v + (1 - beta2) g^2, and the step
/// w = w - learning rate m' / (sqrt(v') + epsilon), where m' = m / (1 - beta1^t) and v' = v / (1 - beta2^t) in step t.
/// </summary>
public abstract record AdaptiveMoments : Optimizer
{
    private protected AdaptiveMoments()
    {
    }

    /// <summary>The learning rate; 0.001 where not given.</summary>
    public override float LearningRate { get; init; } = 1e-3f;

    /// <summary>How much of the mean of the gradients is kept, from 0 to less than 1; 0.9 where not given.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>How much of the mean of their squares is kept, from 0 to less than 1; 0.999 where not given.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>What keeps the divisor from zero; 1e-8 where not given.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    internal sealed override bool HasMomentum => true;

    internal sealed override int SlotCount => 2;

    internal sealed override void Check()
    {
        base.Check();
        RequireRange(Beta1 is >= 0 and < 1, "beta1", "at least 0 and less than 1", Beta1);
        RequireRange(Beta2 is >= 0 and < 1, "beta2", "at least 0 and less than 1", Beta2);
        RequireRange(Epsilon is > 0 and < float.PositiveInfinity, "epsilon", "more than 0", Epsilon);
    }

    private protected sealed override void Update(WorkerGang gang, UpdateTarget target, OptimizerState state, float learningRate) =>
        OptimizerUpdates.Run(gang, target, new AdamRule(learningRate, state.Momentum ?? Beta1, Beta2, Epsilon, state.Step));
}
