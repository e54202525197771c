using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum (Polyak, 1964; Sutskever et al., 2013): v = momentum v + g + weight decay w and
/// w = w - learning rate v, or, with Nesterov's look ahead, w = w - learning rate (g + weight decay w + momentum v).
/// </summary>
public sealed record Sgd : Optimizer
{
    /// <inheritdoc/>
    public override string Name => "SGD";

    /// <summary>The learning rate; 0.01 where not given.</summary>
    public override float LearningRate { get; init; } = 0.01f;

    /// <summary>The share of the last step that is kept, from 0 to less than 1; 0.9 where not given.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>Whether the gradient is taken as if the momentum had been followed already (Nesterov, 1983).</summary>
    public bool Nesterov { get; init; }

    /// <summary>The factor of the weights that is added to their gradient; 0 where not given.</summary>
    public override float WeightDecay { get; init; }

    internal override bool HasMomentum => Momentum > 0;

    internal override int SlotCount => Momentum == 0 ? 0 : 1;

    internal override void Check()
    {
        base.Check();
        RequireRange(Momentum is >= 0 and < 1, "momentum", "at least 0 and less than 1", Momentum);
        Setting.Require(!Nesterov || Momentum > 0, "SGD: Nesterov's rule needs a momentum. Received: 0.");
    }

    private protected override void Update(WorkerGang gang, UpdateTarget target, OptimizerState state, float learningRate) =>
        OptimizerUpdates.Run(gang, target, new SgdRule(learningRate, state.Momentum ?? Momentum, Nesterov));
}
