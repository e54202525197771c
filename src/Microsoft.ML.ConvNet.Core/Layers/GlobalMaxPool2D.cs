using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The largest element of each channel over the whole image. Input <c>[H, W, C]</c>; output <c>[C]</c>.</summary>
public sealed record GlobalMaxPool2D : Layer
{
    internal override string NamePrefix => "gmp";

    internal override Shape InferShape(LayerContext context)
    {
        context.RequireImage();
        return [context.Input.Channels];
    }

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new MaxPoolingOp(PoolingWindow.AdaptiveGeometry(context.InputShapes[0], 1)));
}
