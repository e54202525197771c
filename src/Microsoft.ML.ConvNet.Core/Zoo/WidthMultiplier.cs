namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// How many times the published number of channels a network has: the width multiplier of Howard et al., 2017, and the widening factor
/// of Zagoruyko and Komodakis, 2016.
/// </summary>
internal readonly struct WidthMultiplier
{
    private const double Largest = 64;

    private readonly double _factor;

    /// <summary>Takes a factor: 1 for the published width.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not over 0 and at most 64.</exception>
    public WidthMultiplier(double width)
    {
        if (!(width is > 0 and <= Largest))
        {
            throw new ArgumentOutOfRangeException(
                nameof(width), FormattableString.Invariant($"A network's width is over 0 and at most {Largest}. Received: {width}."));
        }

        _factor = width;
    }

    /// <summary>The nearest whole number of channels, at least 1; at factor 1 the published number.</summary>
    public int Of(int channels) => Math.Max((int)Math.Floor((channels * _factor) + 0.5), 1);

    /// <summary>
    /// The nearest multiple of a number, at least that number; one multiple more where rounding down loses over a tenth of the channels, as
    /// the published MobileNets round.
    /// </summary>
    public int Of(int channels, int multiple)
    {
        double exact = channels * _factor;
        int rounded = Math.Max((int)Math.Floor((exact / multiple) + 0.5), 1) * multiple;
        return rounded < 0.9 * exact ? rounded + multiple : rounded;
    }
}
