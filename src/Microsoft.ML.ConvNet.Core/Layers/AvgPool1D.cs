using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The mean of each window of a sequence, channel by channel. Input <c>[L, C]</c>; output
/// <c>[(L + P - ((F - 1) D + 1)) / S + 1, C]</c>.
/// </summary>
/// <param name="PoolSize">The length of the window F.</param>
public sealed record AvgPool1D(int PoolSize) : Layer
{
    /// <summary>The step S from window to window; that of the window where none is given, so that windows do not overlap.</summary>
    public int? Stride { get; init; }

    /// <summary>Steps before and after the input.</summary>
    public Padding1D Padding { get; init; }

    /// <summary>
    /// Whether the zeros of the padding count as elements of a window; else the mean is over those inside the sequence. What a window
    /// that is kept for <see cref="Ceiling"/> holds beyond the padding never counts.
    /// </summary>
    public bool CountIncludesPadding { get; init; }

    /// <summary>The distance D between the elements of a window; 1 for adjacent ones.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Whether a last window that reaches over the end is kept, instead of dropping the end.</summary>
    public bool Ceiling { get; init; }

    internal override string NamePrefix => "avgpool";

    /// <inheritdoc/>
    public override string Describe() =>
        Invariant($"AvgPool1D {PoolSize}")
        + (Stride == null || Stride == PoolSize ? string.Empty : Invariant($", stride {Stride}"))
        + (Padding == default ? string.Empty : $", padding {Padding}")
        + (Dilation == 1 ? string.Empty : Invariant($", dilation {Dilation}"))
        + (Ceiling ? ", ceiling" : string.Empty)
        + (CountIncludesPadding ? ", padding counts" : string.Empty);

    internal override Shape InferShape(LayerContext context) =>
        PoolingWindow.SequenceOutputShape(context, PoolSize, Stride, Padding, Ceiling, Dilation);

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new AveragePoolingOp(PoolingWindow.SequenceGeometry(
            this, context, PoolSize, Stride, Padding, Ceiling, Dilation, CountIncludesPadding)));
}
