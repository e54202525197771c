using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// An image of another size, interpolated channel by channel; the coordinates and roundings are those of ONNX. Input <c>[H, W, C]</c>;
/// output <c>[H', W', C]</c>.
/// </summary>
/// <param name="OutputSize">The height and width of the output.</param>
public sealed record Resize2D(Size2D OutputSize) : Layer
{
    /// <summary>What is taken between pixels.</summary>
    public ResizeMode Mode { get; init; }

    /// <summary>Where in the input the output's pixels lie.</summary>
    public ResizeCoordinates Coordinates { get; init; }

    /// <summary>Which pixel is the nearest one; used with <see cref="ResizeMode.Nearest"/> only.</summary>
    public NearestRounding Rounding { get; init; }

    /// <summary>
    /// The factor of the height by which positions are found, where it is not the ratio of the heights: the output is the input's height times
    /// it, rounded down. 0 for the ratio. Without meaning for <see cref="ResizeCoordinates.AlignCorners"/>.
    /// </summary>
    public float VerticalScale { get; init; }

    /// <summary>The factor of the width, like <see cref="VerticalScale"/>.</summary>
    public float HorizontalScale { get; init; }

    internal override string NamePrefix => "resize";

    /// <inheritdoc/>
    public override string Describe() =>
        $"Resize2D to {OutputSize}, {(Mode == ResizeMode.Nearest ? "nearest" : "bilinear")}"
        + (Coordinates == ResizeCoordinates.HalfPixel ? string.Empty : $", {Coordinates}")
        + (Rounding == NearestRounding.RoundPreferFloor ? string.Empty : $", {Rounding}")
        + (VerticalScale == 0 && HorizontalScale == 0
            ? string.Empty
            : FormattableString.Invariant($", scale {VerticalScale}x{HorizontalScale}"));

    internal override Shape InferShape(LayerContext context)
    {
        context.RequireImage();
        context.RequirePositive(OutputSize, "output");
        ResizeLowering.RequireKnown(context, Mode, Coordinates, Rounding);
        ResizeLowering.RequireScale(context, VerticalScale, context.Input.Height, OutputSize.Height);
        ResizeLowering.RequireScale(context, HorizontalScale, context.Input.Width, OutputSize.Width);
        return ResizeLowering.OutputShape(context, OutputSize.Height, OutputSize.Width);
    }

    internal override OpValue Lower(LoweringContext context) =>
        ResizeLowering.Emit(context, Mode, Coordinates, Rounding, VerticalScale, HorizontalScale);
}
