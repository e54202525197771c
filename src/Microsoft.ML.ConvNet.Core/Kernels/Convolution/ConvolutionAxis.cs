using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution;

/// <summary>
/// One axis (rows or columns) of a convolution written as a gather: result i of <see cref="Count"/> is the sum over the taps t of
/// weight(t) times source(i * Stride + Origin + t * TapStep), with zeros outside of the source.
/// </summary>
/// <param name="SourceLength">Length of the source.</param>
/// <param name="ResultLength">Length of the whole result.</param>
/// <param name="Count">Results computed: those at ResultStart + i * ResultStep.</param>
/// <param name="Stride">From the source position of a result to that of the next.</param>
/// <param name="Origin">Source position of result 0 and tap 0; negative in the padding.</param>
/// <param name="Taps">Number of taps; may be zero in a data gradient.</param>
/// <param name="TapStep">From the source position of a tap to that of the next.</param>
/// <param name="ResultStart">Position of result 0.</param>
/// <param name="ResultStep">From the position of a result to that of the next.</param>
/// <param name="FirstTap">Position of tap 0 in the kernel.</param>
/// <param name="TapIndexStep">From a tap's position in the kernel to that of the next.</param>
internal readonly record struct ConvolutionAxis(
    int SourceLength,
    int ResultLength,
    int Count,
    int Stride,
    int Origin,
    int Taps,
    int TapStep,
    int ResultStart,
    int ResultStep,
    int FirstTap,
    int TapIndexStep)
{
    /// <summary>The axis of a convolution.</summary>
    public static ConvolutionAxis Forward(int input, int output, int kernel, int stride, int dilation, int padding) =>
        new(input, output, output, stride, -padding, kernel, dilation, 0, 1, 0, 1);

    /// <summary>
    /// The axis of the data gradient at the input positions h with (h + padding) mod stride = <paramref name="phase"/>. Output o
    /// reads input h at tap k where h + padding = o * stride + k * dilation; so the taps of a phase are those with
    /// k * dilation mod stride = phase, every (stride / gcd(stride, dilation))-th one, and a phase is a convolution of
    /// the output gradient with stride 1 and with these taps turned around.
    /// </summary>
    public static ConvolutionAxis Gradient(int input, int output, int kernel, int stride, int dilation, int padding, int phase)
    {
        int start = (((phase - padding) % stride) + stride) % stride;
        int count = start >= input ? 0 : Rounding.DivideUp(input - start, stride);
        int step = stride / GreatestCommonDivisor(stride, dilation);
        int first = -1;
        for (int tap = 0; tap < Math.Min(kernel, stride) && first < 0; tap++)
        {
            first = (int)((long)tap * dilation % stride) == phase ? tap : -1;
        }

        if (first < 0)
        {
            return new(output, input, count, 1, 0, 0, 1, start, stride, 0, 0);
        }

        int taps = 1 + ((kernel - 1 - first) / step);
        int last = first + ((taps - 1) * step);
        int origin = (start + padding - (last * dilation)) / stride;
        return new(output, input, count, 1, origin, taps, step * dilation / stride, start, stride, last, -step);
    }

    /// <summary>Whether result i reads only source i, for all i.</summary>
    public bool IsIdentity => Taps == 1 && Stride == 1 && Origin == 0 && ResultStep == 1 && Count == SourceLength && Count == ResultLength;

    /// <summary>Whether no tap of any result falls outside of the source.</summary>
    public bool IsInside => Taps == 0 || (Origin >= 0 && Origin + ((Count - 1) * Stride) + ((Taps - 1) * TapStep) < SourceLength);

    /// <summary>The most taps of a result that lie within the source.</summary>
    public int MostTapsInside => Math.Min(Taps, Rounding.DivideUp(SourceLength, TapStep));

    /// <summary>The taps of which one lies within the source for some of neighbouring results; perhaps none.</summary>
    /// <returns>The first tap, and their number.</returns>
    public (int First, int Count) TapsInside(int firstResult, int results)
    {
        long first = ((long)firstResult * Stride) + Origin;
        long last = first + ((results - 1L) * Stride);
        int begin = (int)Math.Clamp(last < 0 ? Rounding.DivideUp(-last, (long)TapStep) : 0, 0, Taps);
        int end = (int)Math.Clamp(first < SourceLength ? ((SourceLength - 1 - first) / TapStep) + 1 : 0, begin, Taps);
        return (begin, end - begin);
    }

    /// <summary>The axis with some of its taps only.</summary>
    public ConvolutionAxis WithTaps(int first, int count) => this with
    {
        Origin = Origin + (first * TapStep),
        Taps = count,
        FirstTap = FirstTap + (first * TapIndexStep),
    };

    /// <summary>An axis on which result i reads only source i.</summary>
    public static ConvolutionAxis Identity(int length) => new(length, length, length, 1, 0, 1, 1, 0, 1, 0, 1);

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
