using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>
/// A convolution of stride 1 over planes in which a vector holds one number of many images: [H, W, C][lane]. Its input has borders of
/// zeros at the left and at the right, so that every tap of a row finds a number; taps above and below are left out.
/// </summary>
internal readonly record struct BatchLanesShape(
    int InputHeight,
    int InputWidth,
    int InputChannels,
    int OutputHeight,
    int OutputWidth,
    int OutputChannels,
    int KernelHeight,
    int KernelWidth,
    int PaddingTop,
    int PaddingLeft)
{
    private const int LeastLanes = 8;
    private const int LeastInputs = 6;

    // The weight gradient, lane by lane, and the planes of a group stay near: half a megabyte and some at 16 lanes.
    private const int MostWeights = 1 << 13;
    private const int MostVectors = 1 << 16;

    /// <summary>The shape of a convolution for which <see cref="Applies"/>.</summary>
    public static BatchLanesShape Of(in ConvolutionShape s) => new(
        s.InputHeight,
        s.InputWidth,
        s.InputChannels,
        s.OutputHeight,
        s.OutputWidth,
        s.OutputChannels,
        s.KernelHeight,
        s.KernelWidth,
        s.PaddingTop,
        s.PaddingLeft);

    /// <summary>
    /// Whether a convolution can be computed so, to the bits of <see cref="Direct.DirectConvolution"/>: its sums are then formed in one block.
    /// </summary>
    public static bool Applies(in ConvolutionShape s) =>
        s.Groups == 1 && s.StrideHeight == 1 && s.StrideWidth == 1 && s.DilationHeight == 1 && s.DilationWidth == 1
        && s.PaddingTop < s.KernelHeight && s.PaddingLeft < s.KernelWidth
        && s.OutputHeight <= s.InputHeight + s.PaddingTop && s.OutputWidth <= s.InputWidth + s.PaddingLeft
        && s.Canonical() == s && ConvolutionGeometry.Forward(s).ChannelBlock == s.InputChannels;

    /// <summary>
    /// Whether it takes less time with images than with channels in the lanes, as measured: where channels do not fill vectors. Without a
    /// pooling, results so many that bringing them back to images takes long must be worth it by their taps.
    /// </summary>
    public bool IsWorthLanes(bool isPooled)
    {
        int few = Math.Max(SimdTier.Width, LeastLanes);
        bool isFew = isPooled
            ? Math.Min(InputChannels, OutputChannels) < few
            : OutputChannels < few || (InputChannels >= LeastInputs && InputChannels < few && KernelHeight * KernelWidth > 1);
        return isFew && WeightsLength <= MostWeights && InputLength + OutputLength <= MostVectors;
    }

    /// <summary>The convolution that computes the data gradient: of the output gradient with the weights turned by 180 degrees.</summary>
    public BatchLanesShape Turned => new(
        OutputHeight,
        OutputWidth,
        OutputChannels,
        InputHeight,
        InputWidth,
        InputChannels,
        KernelHeight,
        KernelWidth,
        KernelHeight - 1 - PaddingTop,
        KernelWidth - 1 - PaddingLeft);

    /// <summary>Vectors from a row of the input to the next one, borders included.</summary>
    public nint RowPitch => (nint)Math.Max(PaddingLeft + InputWidth, OutputWidth + KernelWidth - 1) * InputChannels;

    /// <summary>Vectors of the border at the left.</summary>
    public nint LeftBorder => (nint)PaddingLeft * InputChannels;

    /// <summary>Vectors of the input, borders included.</summary>
    public nint InputLength => InputHeight * RowPitch;

    /// <summary>Vectors of the output.</summary>
    public nint OutputLength => (nint)OutputHeight * OutputWidth * OutputChannels;

    /// <summary>Number of weights.</summary>
    public nint WeightsLength => (nint)KernelHeight * KernelWidth * InputChannels * OutputChannels;
}
