using Microsoft.ML.ConvNet.Kernels.Regions;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>What the layers that pool regions of interest have in common.</summary>
internal static class RoiLowering
{
    private const int Corners = 4;

    /// <summary>The shape that pooling of regions gives.</summary>
    public static Shape OutputShape(LayerContext context, Size2D output, float spatialScale)
    {
        Shape features = context.Inputs[0];
        Shape boxes = context.Inputs[1];
        if (!features.IsImage || boxes.Rank != 2 || boxes[1] != Corners)
        {
            throw context.Error($"takes features [H, W, C] and boxes [R, 4]. Received: {features} and {boxes}.");
        }

        context.RequirePositive(output, "output");
        if (!(spatialScale > 0) || !float.IsFinite(spatialScale))
        {
            throw context.Error(Invariant($"the spatial scale is a positive number. Received: {spatialScale}."));
        }

        long area = (long)output.Height * output.Width;
        return area <= int.MaxValue && area * features.Channels <= int.MaxValue / boxes[0]
            ? [boxes[0], output.Height, output.Width, features.Channels]
            : throw context.Error(
                Invariant($"the output has at most {int.MaxValue:N0} elements. Received: output {output} for {boxes[0]} boxes with {features.Channels} channels."));
    }

    /// <summary>The kernel's view.</summary>
    public static RoiShape Geometry(LoweringContext context, Size2D output, float spatialScale)
    {
        Shape features = context.InputShapes[0];
        return new RoiShape(
            features.Height, features.Width, features.Channels, context.InputShapes[1][0], output.Height, output.Width, spatialScale);
    }
}
