using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Optimizers;

/// <summary>
/// Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023): each weight moves by the learning rate, and only the sign is
/// learnt: w = w - learning rate (sign(beta1 m + (1 - beta1) g) + weight decay w), then m = beta2 m + (1 - beta2) g. It wants a learning rate 3 to
/// 10 times smaller than <see cref="AdamW"/>, a weight decay as many times larger, and large batches.
/// </summary>
public sealed record Lion : Optimizer
{
    /// <inheritdoc/>
    public override string Name => "Lion";

    /// <summary>The learning rate; 0.0001 where not given.</summary>
    public override float LearningRate { get; init; } = 1e-4f;

    /// <summary>The share of the weights, times the learning rate, by which a step shrinks them; 0 where not given.</summary>
    public override float WeightDecay { get; init; }

    /// <summary>How much the mean of the gradients counts in the step beside the gradient, from 0 to less than 1; 0.9 where not given.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>How much of the mean of the gradients is kept, from 0 to less than 1; 0.99 where not given.</summary>
    public float Beta2 { get; init; } = 0.99f;

    internal override bool HasMomentum => true;

    internal override int SlotCount => 1;

    private protected override bool IsDecayDecoupled => true;

    internal override void Check()
    {
        base.Check();
        RequireRange(Beta1 is >= 0 and < 1, "beta1", "at least 0 and less than 1", Beta1);
        RequireRange(Beta2 is >= 0 and < 1, "beta2", "at least 0 and less than 1", Beta2);
    }

    private protected override void Update(WorkerGang gang, UpdateTarget target, OptimizerState state, float learningRate) =>
        OptimizerUpdates.Run(gang, target, new LionRule(learningRate, state.Momentum ?? Beta1, Beta2));
}
