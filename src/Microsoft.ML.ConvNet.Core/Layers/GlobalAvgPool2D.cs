using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The mean of each channel over the whole image (Lin, Chen and Yan, "Network in network", 2014). Input <c>[H, W, C]</c>; output
/// <c>[C]</c>.
/// </summary>
public sealed record GlobalAvgPool2D : Layer
{
    internal override string NamePrefix => "gap";

    internal override Shape InferShape(LayerContext context)
    {
        context.RequireImage();
        return [context.Input.Channels];
    }

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new AveragePoolingOp(PoolingWindow.AdaptiveGeometry(context.InputShapes[0], 1)));
}
