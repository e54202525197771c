using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>What the layers that change the size of an image have in common.</summary>
internal static class ResizeLowering
{
    /// <summary>The shape of an image of another size.</summary>
    public static Shape OutputShape(LayerContext context, long height, long width)
    {
        Shape input = context.Input;
        return Math.Max(height, width) <= int.MaxValue && height * width <= int.MaxValue / input.Channels
            ? [(int)height, (int)width, input.Channels]
            : throw context.Error(
                $"the output has at most {int.MaxValue:N0} elements. Received: {height}x{width} for the input {input}.");
    }

    /// <summary>Demands a mode, coordinates and a rounding that exist.</summary>
    public static void RequireKnown(LayerContext context, ResizeMode mode, ResizeCoordinates coordinates, NearestRounding rounding)
    {
        if (!Enum.IsDefined(mode) || !Enum.IsDefined(coordinates) || !Enum.IsDefined(rounding))
        {
            throw context.Error($"there is no such interpolation. Received: {mode}, {coordinates}, {rounding}.");
        }
    }

    /// <summary>Adds the op; an image that keeps its size stays as it is.</summary>
    public static OpValue Emit(LoweringContext context, ResizeMode mode, ResizeCoordinates coordinates, NearestRounding rounding)
    {
        Shape input = context.InputShapes[0];
        Shape output = context.OutputShape;
        return input == output
            ? context.Input
            : context.Emit(new ResizeOp(
                Axis(input.Height, output.Height, mode, coordinates, rounding),
                Axis(input.Width, output.Width, mode, coordinates, rounding),
                input.Channels));
    }

    private static ResizeAxis Axis(int input, int output, ResizeMode mode, ResizeCoordinates coordinates, NearestRounding rounding)
    {
        ResizeAxis axis = coordinates switch
        {
            ResizeCoordinates.HalfPixel => new ResizeAxis(input, output, 2L * input, (long)input - output, 2L * output),
            ResizeCoordinates.AlignCorners when output > 1 => new ResizeAxis(input, output, input - 1, 0, output - 1),
            ResizeCoordinates.AlignCorners => new ResizeAxis(input, output, 0, 0, 1),
            _ => new ResizeAxis(input, output, input, 0, output),
        };
        return axis with
        {
            IsNearest = mode == ResizeMode.Nearest,
            RoundsUp = rounding is NearestRounding.Ceil or NearestRounding.RoundPreferFloor,
            RoundsToNearer = rounding is NearestRounding.RoundPreferFloor or NearestRounding.RoundPreferCeil,
        };
    }
}
