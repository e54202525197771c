using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The mean of each channel over a whole sequence. Input <c>[L, C]</c>; output <c>[C]</c>.</summary>
public sealed record GlobalAvgPool1D : Layer
{
    internal override string NamePrefix => "gap";

    internal override Shape InferShape(LayerContext context)
    {
        context.RequireSequence();
        return [context.Input.Channels];
    }

    internal override OpValue Lower(LoweringContext context)
    {
        Shape input = context.InputShapes[0];
        return context.Emit(new AveragePoolingOp(PoolingWindow.AdaptiveGeometry([1, input[0], input.Channels], 1)));
    }
}
