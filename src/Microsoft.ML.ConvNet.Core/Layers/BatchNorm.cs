using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy, 2015): y = gamma (x - mean) / sqrt(variance + epsilon) + beta, a channel. Training uses the
/// mean and variance of the batch and moves the running ones towards them; inference uses the running ones. Input of any shape,
/// <c>[..., C]</c>; output the same; parameters weight (gamma), bias (beta), running_mean and running_var, each <c>[C]</c>.
/// </summary>
public sealed record BatchNorm : Layer
{
    /// <summary>What is added to the variance, so that a constant channel does not divide by zero.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>The share of a batch's statistics in the new running ones: running = (1 - momentum) running + momentum batch.</summary>
    public float Momentum { get; init; } = 0.1f;

    internal override string NamePrefix => "bn";

    internal override Shape InferShape(LayerContext context)
    {
        if (!(Epsilon > 0) || !float.IsFinite(Epsilon))
        {
            throw context.Error(Invariant($"epsilon is a positive number. Received: {Epsilon}."));
        }

        if (!(Momentum is > 0 and <= 1))
        {
            throw context.Error(Invariant($"momentum is over 0 and at most 1. Received: {Momentum}."));
        }

        return context.Input;
    }

    internal override IReadOnlyList<LayerParameter> Parameters(IReadOnlyList<Shape> inputs)
    {
        Shape channels = [inputs[0].Channels];
        return
        [
            new LayerParameter("weight", channels, Initialization.Ones),
            new LayerParameter("bias", channels, Initialization.Zeros),
            new LayerParameter("running_mean", channels, Initialization.Zeros) { IsTrainable = false },
            new LayerParameter("running_var", channels, Initialization.Ones) { IsTrainable = false },
        ];
    }

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new BatchNormalizationOp(context.OutputShape, Epsilon, Momentum));
}
