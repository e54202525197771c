using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Optimizers;

/// <summary>
/// Adam with Nesterov's momentum (Dozat, "Incorporating Nesterov momentum into Adam", 2016): m and v are the means of <see cref="Adam"/>. The
/// momentum of step t is mu(t) = beta1 (1 - 0.96^(t momentum decay) / 2), P(t) the product of mu(1) to mu(t), and
/// w = w - learning rate (m mu(t + 1) / (1 - P(t + 1)) + g (1 - mu(t)) / (1 - P(t))) / (sqrt(v / (1 - beta2^t)) + epsilon).
/// </summary>
public sealed record NAdam : Optimizer
{
    /// <inheritdoc/>
    public override string Name => "NAdam";

    /// <summary>The learning rate; 0.002 where not given.</summary>
    public override float LearningRate { get; init; } = 2e-3f;

    /// <summary>
    /// The factor of the weights that is added to their gradient, or, where it is decoupled, the share of the weights, times the learning rate,
    /// by which a step shrinks them; 0 where not given.
    /// </summary>
    public override float WeightDecay { get; init; }

    /// <summary>Whether the weight decay shrinks the weights beside the step, as that of <see cref="AdamW"/> does; false where not given.</summary>
    public bool DecoupledWeightDecay { get; init; }

    /// <summary>How much of the mean of the gradients is kept, from 0 to less than 1; 0.9 where not given.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>How much of the mean of their squares is kept, from 0 to less than 1; 0.999 where not given.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>What keeps the divisor from zero; 1e-8 where not given.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>How fast the momentum rises from half of beta1 to beta1; 0.004 where not given.</summary>
    public float MomentumDecay { get; init; } = 4e-3f;

    internal override int SlotCount => 2;

    private protected override bool IsDecayDecoupled => DecoupledWeightDecay;

    internal override void Check()
    {
        base.Check();
        RequireRange(Beta1 is >= 0 and < 1, "beta1", "at least 0 and less than 1", Beta1);
        RequireRange(Beta2 is >= 0 and < 1, "beta2", "at least 0 and less than 1", Beta2);
        RequireRange(Epsilon is > 0 and < float.PositiveInfinity, "epsilon", "more than 0", Epsilon);
        RequireRange(MomentumDecay is >= 0 and < float.PositiveInfinity, "decay of the momentum", "at least 0", MomentumDecay);
    }

    private protected override void Advance(OptimizerState state)
    {
        base.Advance(state);
        state.MomentumProduct *= MomentumAt(state.Step);
    }

    private protected override void Update(WorkerGang gang, UpdateTarget target, OptimizerState state, float learningRate)
    {
        double next = MomentumAt(state.Step + 1);
        double gradientRate = learningRate * (1.0 - MomentumAt(state.Step)) / (1.0 - state.MomentumProduct);
        double meanRate = learningRate * next / (1.0 - (state.MomentumProduct * next));
        OptimizerUpdates.Run(gang, target, new NAdamRule(gradientRate, meanRate, Beta1, Beta2, Epsilon, state.Step));
    }

    private double MomentumAt(long step) => Beta1 * (1.0 - (0.5 * Math.Pow(0.96, step * (double)MomentumDecay)));
}
