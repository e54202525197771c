using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// An image enlarged by whole factors, channel by channel: every pixel repeated, or interpolated between. Input <c>[H, W, C]</c>; output
/// <c>[H S, W S', C]</c>.
/// </summary>
/// <param name="Scale">The factors S of the height and S' of the width.</param>
public sealed record Upsample2D(Size2D Scale) : Layer
{
    /// <summary>Whether pixels are repeated, or interpolated between.</summary>
    public ResizeMode Mode { get; init; }

    /// <summary>Where in the input the output's pixels lie; used with <see cref="ResizeMode.Bilinear"/> only.</summary>
    public ResizeCoordinates Coordinates { get; init; }

    internal override string NamePrefix => "upsample";

    /// <inheritdoc/>
    public override string Describe() =>
        $"Upsample2D {Scale}, {(Mode == ResizeMode.Nearest ? "nearest" : "bilinear")}"
        + (Coordinates == ResizeCoordinates.HalfPixel ? string.Empty : $", {Coordinates}");

    internal override Shape InferShape(LayerContext context)
    {
        context.RequireImage();
        context.RequirePositive(Scale, "scale");
        ResizeLowering.RequireKnown(context, Mode, Coordinates, default);
        return ResizeLowering.OutputShape(context, (long)context.Input.Height * Scale.Height, (long)context.Input.Width * Scale.Width);
    }

    internal override OpValue Lower(LoweringContext context) => Mode == ResizeMode.Nearest
        ? ResizeLowering.Emit(context, Mode, ResizeCoordinates.Asymmetric, NearestRounding.Floor)
        : ResizeLowering.Emit(context, Mode, Coordinates, default);
}
