using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The norm (sum of |x|^P)^(1/P) of each window, channel by channel (Sermanet, Chintala and LeCun, 2012). Input <c>[H, W, C]</c>; output
/// <c>[(H + P - ((F - 1) D + 1)) / S + 1, ..., C]</c>.
/// </summary>
/// <param name="PoolSize">The height and width of the window F.</param>
public sealed record LpPool2D(Size2D PoolSize) : Layer
{
    /// <summary>The greatest exponent: beyond it, powers of float32 numbers are zero or infinite.</summary>
    private const int MaximumExponent = 64;

    /// <summary>The exponent, a whole number: 2 for the Euclidean norm, 1 for the sum of magnitudes.</summary>
    public int P { get; init; } = 2;

    /// <summary>The step S from window to window; that of the window where none is given, so that windows do not overlap.</summary>
    public Size2D? Stride { get; init; }

    /// <summary>Rows and columns of zeros around the input.</summary>
    public Padding Padding { get; init; }

    /// <summary>The distance D between the elements of a window; 1 for adjacent ones.</summary>
    public Size2D Dilation { get; init; } = 1;

    /// <summary>Whether a last window that reaches over the border is kept, instead of dropping the border.</summary>
    public bool Ceiling { get; init; }

    internal override string NamePrefix => "lppool";

    /// <inheritdoc/>
    public override string Describe() =>
        Invariant($"LpPool2D {PoolSize}, P {P}")
        + (Stride == null || Stride == PoolSize ? string.Empty : $", stride {Stride}")
        + (Padding == default ? string.Empty : $", padding {Padding}")
        + (Dilation == 1 ? string.Empty : $", dilation {Dilation}")
        + (Ceiling ? ", ceiling" : string.Empty);

    internal override Shape InferShape(LayerContext context)
    {
        if (P is < 1 or > MaximumExponent)
        {
            throw context.Error(Invariant($"the exponent is 1 to {MaximumExponent}. Received: {P}."));
        }

        return PoolingWindow.OutputShape(context, PoolSize, Stride, Padding, Ceiling, Dilation);
    }

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new NormPoolingOp(PoolingWindow.Geometry(this, context, PoolSize, Stride, Padding, Ceiling, Dilation), P));
}
