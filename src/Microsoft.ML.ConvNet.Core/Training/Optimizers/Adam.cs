namespace Microsoft.ML.ConvNet.Training.Optimizers;

/// <summary>
/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015). A weight decay is added to the gradient, g + weight decay w,
/// before the means are taken; one that shrinks the weights beside the step is <see cref="AdamW"/>.
/// </summary>
public sealed record Adam : AdaptiveMoments
{
    /// <inheritdoc/>
    public override string Name => "Adam";

    /// <summary>The factor of the weights that is added to their gradient; 0 where not given.</summary>
    public override float WeightDecay { get; init; }
}
