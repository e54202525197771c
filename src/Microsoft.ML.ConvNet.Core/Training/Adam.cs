using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>
/// Adam (Kingma and Ba, 2015): m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2 and
/// w = w - learning rate m' / (sqrt(v') + epsilon), where m' = m / (1 - beta1^t) and v' = v / (1 - beta2^t) in step t.
/// </summary>
public sealed unsafe record Adam : Optimizer
{
    /// <inheritdoc/>
    public override string Name => "Adam";

    /// <summary>The learning rate; 0.001 where not given.</summary>
    public override float LearningRate { get; init; } = 1e-3f;

    /// <summary>How much of the mean of the gradients is kept, from 0 to less than 1; 0.9 where not given.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>How much of the mean of their squares is kept, from 0 to less than 1; 0.999 where not given.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>What keeps the divisor from zero; 1e-8 where not given.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>The weight decay; 0 where not given.</summary>
    public override float WeightDecay { get; init; }

    /// <summary>
    /// Whether the decay shrinks the weights by learning rate times weight decay, beside the step, as AdamW does (Loshchilov and Hutter,
    /// 2019); else it is added to the gradient. True where not given.
    /// </summary>
    public bool DecoupledWeightDecay { get; init; } = true;

    internal override int SlotCount => 2;

    internal override void Check()
    {
        base.Check();
        RequireRange(Beta1, "beta1", Beta1 is >= 0 and < 1, "at least 0 and less than 1");
        RequireRange(Beta2, "beta2", Beta2 is >= 0 and < 1, "at least 0 and less than 1");
        RequireRange(Epsilon, "epsilon", Epsilon is > 0 and < float.PositiveInfinity, "more than 0");
    }

    private protected override void Update(
        WorkerGang gang,
        float* weights,
        float* gradients,
        nint offset,
        nint length,
        OptimizerState state,
        float learningRate,
        float weightDecay) =>
        OptimizerUpdates.Adam(
            gang,
            length,
            weights,
            gradients,
            state.Slot(0) + offset,
            state.Slot(1) + offset,
            learningRate,
            Beta1,
            Beta2,
            Epsilon,
            weightDecay,
            DecoupledWeightDecay,
            state.Step);
}
