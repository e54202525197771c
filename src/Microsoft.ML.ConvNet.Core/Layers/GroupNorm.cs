using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Group normalisation (Wu and He, 2018): y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with mean and variance over all
/// positions and the C / groups channels of a group of one sample, and gamma and beta a channel; the same in training and inference.
/// With one group it is layer normalisation over the whole sample (Ba, Kiros and Hinton, 2016). Input of any shape, <c>[..., C]</c>; output
/// the same; parameters weight (gamma) and bias (beta), each <c>[C]</c>.
/// </summary>
/// <param name="Groups">Into how many groups the channels are divided.</param>
public sealed record GroupNorm(int Groups) : Layer
{
    /// <summary>What is added to the variance, so that a constant group does not divide by zero.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    internal override string NamePrefix => "gn";

    /// <inheritdoc/>
    public override string Describe() => Invariant($"GroupNorm, {Groups} groups");

    internal override Shape InferShape(LayerContext context)
    {
        context.RequirePositive(Groups, "the number of groups");
        if (context.Input.Channels % Groups != 0)
        {
            throw context.Error(
                Invariant($"the number of groups divides the number of channels. Received: {Groups} groups, {context.Input.Channels} channels."));
        }

        RequireEpsilon(context, Epsilon);
        return context.Input;
    }

    internal override IReadOnlyList<LayerParameter> Parameters(IReadOnlyList<Shape> inputs) => ScaleAndShift(inputs[0]);

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new GroupNormalizationOp(context.OutputShape, Groups, Epsilon));

    /// <summary>Demands that an epsilon be positive.</summary>
    internal static void RequireEpsilon(LayerContext context, float epsilon)
    {
        if (!(epsilon is > 0 and < float.PositiveInfinity))
        {
            throw context.Error(FormattableString.Invariant($"epsilon is a finite number over 0. Received: {epsilon}."));
        }
    }

    /// <summary>A scale and a shift for each channel of an input.</summary>
    internal static IReadOnlyList<LayerParameter> ScaleAndShift(Shape input) =>
    [
        new LayerParameter("weight", [input.Channels], Initialization.Ones),
        new LayerParameter("bias", [input.Channels], Initialization.Zeros),
    ];
}
