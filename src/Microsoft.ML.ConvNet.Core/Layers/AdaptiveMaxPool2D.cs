using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The largest element of each of a fixed number of windows, whatever the size of the input: output row i pools the rows from
/// floor(i H / H') to ceil((i + 1) H / H') - 1. Input <c>[H, W, C]</c>; output <c>[H', W', C]</c>.
/// </summary>
/// <param name="OutputSize">The height and width of the output.</param>
public sealed record AdaptiveMaxPool2D(Size2D OutputSize) : Layer
{
    internal override string NamePrefix => "maxpool";

    /// <inheritdoc/>
    public override string Describe() => $"AdaptiveMaxPool2D to {OutputSize}";

    internal override Shape InferShape(LayerContext context) => PoolingWindow.AdaptiveOutputShape(context, OutputSize);

    /// <remarks>Windows of one element, where the size stays as it is, compute nothing.</remarks>
    internal override OpValue Lower(LoweringContext context) => context.InputShapes[0] == context.OutputShape
        ? context.Input
        : context.Emit(new MaxPoolingOp(PoolingWindow.AdaptiveGeometry(context.InputShapes[0], OutputSize)));
}
