using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Instance normalisation (Ulyanov, Vedaldi and Lempitsky, 2016): y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with mean and
/// variance over the positions of one channel of one sample; the same in training and inference. Input of any shape,
/// <c>[..., C]</c>; output the same; parameters weight (gamma) and bias (beta), each <c>[C]</c>.
/// </summary>
public sealed record InstanceNorm : Layer
{
    /// <summary>What is added to the variance, so that a constant channel does not divide by zero.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    internal override string NamePrefix => "in";

    internal override Shape InferShape(LayerContext context)
    {
        GroupNorm.RequireEpsilon(context, Epsilon);
        return context.Input;
    }

    internal override IReadOnlyList<LayerParameter> Parameters(IReadOnlyList<Shape> inputs) => GroupNorm.ScaleAndShift(inputs[0]);

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new GroupNormalizationOp(context.OutputShape, context.OutputShape.Channels, Epsilon));
}
