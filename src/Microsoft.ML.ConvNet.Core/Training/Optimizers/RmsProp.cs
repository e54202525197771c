using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Optimizers;

/// <summary>
/// RMSProp (Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning", 2012): the gradient is divided by the root of a running
/// mean of its square, v = alpha v + (1 - alpha) g^2, and w = w - learning rate g / (sqrt(v) + epsilon). With a momentum the quotients are
/// followed as <see cref="Sgd"/> follows gradients, b = momentum b + g / (sqrt(v) + epsilon) and w = w - learning rate b.
/// </summary>
public sealed unsafe record RmsProp : Optimizer
{
    /// <inheritdoc/>
    public override string Name => "RMSProp";

    /// <summary>The learning rate; 0.01 where not given.</summary>
    public override float LearningRate { get; init; } = 0.01f;

    /// <summary>The factor of the weights that is added to their gradient; 0 where not given.</summary>
    public override float WeightDecay { get; init; }

    /// <summary>How much of the mean of the squares is kept, from 0 to less than 1; 0.99 where not given.</summary>
    public float Alpha { get; init; } = 0.99f;

    /// <summary>What keeps the divisor from zero; 1e-8 where not given.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>The share of the last step that is kept, from 0 to less than 1; 0 where not given.</summary>
    public float Momentum { get; init; }

    /// <summary>
    /// Whether the divisor is the root of the gradient's variance, v - m^2 with m = alpha m + (1 - alpha) g (Graves, "Generating sequences with
    /// recurrent neural networks", 2013), in place of its square.
    /// </summary>
    public bool IsCentered { get; init; }

    internal override bool HasMomentum => Momentum > 0;

    internal override int SlotCount => 1 + (Momentum == 0 ? 0 : 1) + (IsCentered ? 1 : 0);

    internal override void Check()
    {
        base.Check();
        RequireRange(Alpha is >= 0 and < 1, "alpha", "at least 0 and less than 1", Alpha);
        RequireRange(Epsilon is > 0 and < float.PositiveInfinity, "epsilon", "more than 0", Epsilon);
        RequireRange(Momentum is >= 0 and < 1, "momentum", "at least 0 and less than 1", Momentum);
    }

    private protected override void Update(WorkerGang gang, UpdateTarget target, OptimizerState state, float learningRate)
    {
        if (Momentum == 0)
        {
            // The mean of the gradients is the second thing that is remembered where there are no steps to remember.
            target.Slot2 = target.Slot1;
            target.Slot1 = null;
        }

        OptimizerUpdates.Run(gang, target, new RmsPropRule(learningRate, Alpha, Epsilon, state.Momentum ?? Momentum, IsCentered));
    }
}
