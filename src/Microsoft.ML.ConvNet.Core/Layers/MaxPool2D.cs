using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The largest element of each window, channel by channel. Input <c>[H, W, C]</c>; output
/// <c>[(H + P - ((F - 1) D + 1)) / S + 1, ..., C]</c>.
/// </summary>
/// <param name="PoolSize">The height and width of the window F.</param>
public sealed record MaxPool2D(Size2D PoolSize) : Layer
{
    /// <summary>The step S from window to window; that of the window where none is given, so that windows do not overlap.</summary>
    public Size2D? Stride { get; init; }

    /// <summary>Rows and columns around the input, which never are the largest element.</summary>
    public Padding Padding { get; init; }

    /// <summary>The distance D between the elements of a window; 1 for adjacent ones.</summary>
    public Size2D Dilation { get; init; } = 1;

    /// <summary>Whether a last window that reaches over the border is kept, instead of dropping the border.</summary>
    public bool Ceiling { get; init; }

    internal override string NamePrefix => "maxpool";

    /// <inheritdoc/>
    public override string Describe() =>
        $"MaxPool2D {PoolSize}"
        + (Stride == null || Stride == PoolSize ? string.Empty : $", stride {Stride}")
        + (Padding == default ? string.Empty : $", padding {Padding}")
        + (Dilation == 1 ? string.Empty : $", dilation {Dilation}")
        + (Ceiling ? ", ceiling" : string.Empty);

    internal override Shape InferShape(LayerContext context) =>
        PoolingWindow.OutputShape(context, PoolSize, Stride, Padding, Ceiling, Dilation);

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new MaxPoolingOp(PoolingWindow.Geometry(
            this, context, PoolSize, Stride, Padding, Ceiling, Dilation)));
}
