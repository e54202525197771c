using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

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
                Invariant($"the output has at most {int.MaxValue:N0} elements. Received: {height}x{width} for the input {input}."));
    }

    /// <summary>Demands a mode, coordinates and a rounding that exist.</summary>
    public static void RequireKnown(LayerContext context, ResizeMode mode, ResizeCoordinates coordinates, NearestRounding rounding)
    {
        if (!Enum.IsDefined(mode) || !Enum.IsDefined(coordinates) || !Enum.IsDefined(rounding))
        {
            throw context.Error($"there is no such interpolation. Received: {mode}, {coordinates}, {rounding}.");
        }
    }

    /// <summary>Demands that a scale give the length of the output; 0 stands for the ratio of the lengths.</summary>
    public static void RequireScale(LayerContext context, float scale, int input, int output)
    {
        if (scale != 0 && !(scale > 0 && OutputLength(input, scale) == output))
        {
            throw context.Error(FormattableString.Invariant(
                $"{input} times a scale, rounded down, is {output}; a scale of 0 is the ratio. Received: {scale}."));
        }
    }

    /// <summary>The length that a scale gives, rounded down, in the precision in which ONNX defines it.</summary>
    public static double OutputLength(int input, float scale) => MathF.Floor(input * scale);

    /// <summary>Adds the op; an image that keeps its size stays as it is.</summary>
    /// <param name="context">Where the layer is.</param>
    /// <param name="mode">What is taken between pixels.</param>
    /// <param name="coordinates">Where in the input the output's pixels lie.</param>
    /// <param name="rounding">Which pixel is the nearest one.</param>
    /// <param name="verticalScale">The factor of the height; 0 for the ratio.</param>
    /// <param name="horizontalScale">The factor of the width; 0 for the ratio.</param>
    public static OpValue Emit(
        LoweringContext context, ResizeMode mode, ResizeCoordinates coordinates, NearestRounding rounding, float verticalScale = 0,
        float horizontalScale = 0)
    {
        Shape input = context.InputShapes[0];
        Shape output = context.OutputShape;
        return input == output
            ? context.Input
            : context.Emit(new ResizeOp(
                Axis(input.Height, output.Height, verticalScale, mode, coordinates, rounding),
                Axis(input.Width, output.Width, horizontalScale, mode, coordinates, rounding),
                input.Channels));
    }

    /// <remarks>Output o lies at o d / n, or at (o + 1/2) d / n - 1/2, where n / d is the scale.</remarks>
    private static ResizeAxis Axis(
        int input, int output, float scale, ResizeMode mode, ResizeCoordinates coordinates, NearestRounding rounding)
    {
        (long n, long d) = scale == 0 ? (output, input) : Fraction(scale);
        ResizeAxis axis = coordinates switch
        {
            ResizeCoordinates.HalfPixel => new ResizeAxis(input, output, 2 * d, d - n, 2 * n),
            ResizeCoordinates.AlignCorners when output > 1 => new ResizeAxis(input, output, input - 1, 0, output - 1),
            ResizeCoordinates.AlignCorners => new ResizeAxis(input, output, 0, 0, 1),
            _ => new ResizeAxis(input, output, d, 0, n),
        };
        return axis with
        {
            IsNearest = mode == ResizeMode.Nearest,
            RoundsUp = rounding is NearestRounding.Ceil or NearestRounding.RoundPreferFloor,
            RoundsToNearer = rounding is NearestRounding.RoundPreferFloor or NearestRounding.RoundPreferCeil,
        };
    }

    /// <summary>
    /// A number over 0 as the first convergent of its continued fraction that a float cannot tell from it: 1.9 is 19/10, so that what
    /// lies between two pixels does so exactly.
    /// </summary>
    private static (long Numerator, long Denominator) Fraction(float number)
    {
        (long before, long numerator) = (1L, (long)number);
        (long below, long denominator) = (0L, 1L);
        double rest = number - Math.Floor(number);
        while ((float)((double)numerator / denominator) != number)
        {
            rest = 1 / rest;
            long digit = (long)rest;
            rest -= digit;
            (before, numerator) = (numerator, (digit * numerator) + before);
            (below, denominator) = (denominator, (digit * denominator) + below);
        }

        return (numerator, denominator);
    }
}
