using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Local response normalisation across channels: y_c = x_c / (k + alpha / size * sum of x_j^2)^beta, the sum over the
/// <paramref name="Size"/> channels j from c - (size - 1) / 2, rounded down, to c + (size - 1) / 2, rounded up, as far as they exist
/// (Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", 2012, whose alpha is not
/// divided by the size: theirs of 1e-4 is 5e-4 here). Input of any shape, <c>[..., C]</c>; output the same.
/// </summary>
/// <param name="Size">The number of channels that a sum is over.</param>
public sealed record LocalResponseNorm(int Size = 5) : Layer
{
    /// <summary>The weight of the mean of the squares; at least 0.</summary>
    public float Alpha { get; init; } = 1e-4f;

    /// <summary>The power that is divided by; at least 0.</summary>
    public float Beta { get; init; } = 0.75f;

    /// <summary>What is added, over 0.</summary>
    public float K { get; init; } = 1;

    internal override string NamePrefix => "lrn";

    /// <inheritdoc/>
    public override string Describe() =>
        FormattableString.Invariant($"LocalResponseNorm {Size}, alpha {Alpha}, beta {Beta}, k {K}");

    internal override Shape InferShape(LayerContext context)
    {
        context.RequirePositive(Size, "the number of channels that a sum is over");
        RequireAtLeastZero(context, Alpha, "alpha");
        RequireAtLeastZero(context, Beta, "beta");
        return K is > 0 and < float.PositiveInfinity
            ? context.Input
            : throw context.Error(FormattableString.Invariant($"k is a finite number over 0. Received: {K}."));
    }

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new LocalResponseNormalizationOp(context.OutputShape, Size, Alpha, Beta, K));

    private static void RequireAtLeastZero(LayerContext context, float value, string what)
    {
        if (!(value is >= 0 and < float.PositiveInfinity))
        {
            throw context.Error(FormattableString.Invariant($"{what} is a finite number of at least 0. Received: {value}."));
        }
    }
}
