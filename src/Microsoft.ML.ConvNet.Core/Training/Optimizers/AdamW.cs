namespace Microsoft.ML.ConvNet.Training.Optimizers;

/// <summary>
/// Adam with a decay that is decoupled from the gradient (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019): each step
/// first shrinks the weights, w = w - learning rate weight decay w, and then follows the gradient as <see cref="Adam"/> without decay does.
/// </summary>
public sealed record AdamW : AdaptiveMoments
{
    /// <inheritdoc/>
    public override string Name => "AdamW";

    /// <summary>The share of the weights, times the learning rate, by which a step shrinks them; 0.01 where not given.</summary>
    public override float WeightDecay { get; init; } = 0.01f;

    private protected override bool IsDecayDecoupled => true;
}
