namespace Microsoft.ML.ConvNet.Kernels.Layout;

/// <summary>
/// One axis of an image that changes its size: output o lies at (o * <paramref name="Step"/> + <paramref name="Offset"/>) /
/// <paramref name="Denominator"/> in the input. All of it is exact.
/// </summary>
/// <param name="Input">Pixels of the input.</param>
/// <param name="Output">Pixels of the output.</param>
/// <param name="Step">From an output's position to the next one's, times the denominator.</param>
/// <param name="Offset">The position of the first output, times the denominator.</param>
/// <param name="Denominator">What the two are divided by.</param>
internal readonly record struct ResizeAxis(int Input, int Output, long Step, long Offset, long Denominator)
{
    /// <summary>Whether an output is one pixel of the input, else an interpolation between two.</summary>
    public bool IsNearest { get; init; }

    /// <summary>Whether the nearest pixel is found by rounding up, else down.</summary>
    public bool RoundsUp { get; init; }

    /// <summary>Whether half a pixel is taken off before rounding up, or added before rounding down.</summary>
    public bool RoundsToNearer { get; init; }

    /// <summary>Fills in what each output is made of.</summary>
    public unsafe void Fill(ResizeTap* taps)
    {
        for (int o = 0; o < Output; o++)
        {
            taps[o] = IsNearest ? NearestOf(o) : BetweenOf(o);
        }
    }

    /// <summary>Fills in which outputs each pixel of the input is part of.</summary>
    public unsafe void FillReaders(ResizeTap* taps, ResizeReaders* readers)
    {
        int from = 0;
        int to = 0;
        for (int i = 0; i < Input; i++)
        {
            while (from < Output && taps[from].Upper < i)
            {
                from++;
            }

            to = Math.Max(to, from);
            while (to < Output && taps[to].Lower <= i)
            {
                to++;
            }

            readers[i] = new ResizeReaders { From = from, To = to };
        }
    }

    private ResizeTap NearestOf(int output)
    {
        long twice = 2 * ((output * Step) + Offset);
        long half = RoundsToNearer ? Denominator : 0;
        long nearest = RoundsUp ? -FloorOf(half - twice, 2 * Denominator) : FloorOf(twice + half, 2 * Denominator);
        int pixel = (int)Math.Clamp(nearest, 0, Input - 1);
        return new ResizeTap { Lower = pixel, Upper = pixel };
    }

    private ResizeTap BetweenOf(int output)
    {
        long position = (output * Step) + Offset;
        long lower = FloorOf(position, Denominator);
        if (lower < 0 || lower >= Input - 1)
        {
            int border = lower < 0 ? 0 : Input - 1;
            return new ResizeTap { Lower = border, Upper = border };
        }

        long rest = position - (lower * Denominator);
        int upper = rest == 0 ? (int)lower : (int)lower + 1;
        return new ResizeTap { Lower = (int)lower, Upper = upper, Weight = (float)((double)rest / Denominator) };
    }

    private static long FloorOf(long numerator, long denominator)
    {
        (long quotient, long remainder) = Math.DivRem(numerator, denominator);
        return remainder < 0 ? quotient - 1 : quotient;
    }
}

/// <summary>The two pixels of an axis that an output is made of; the same one twice where it is one pixel.</summary>
internal struct ResizeTap
{
    /// <summary>The pixel before.</summary>
    public int Lower;

    /// <summary>The pixel behind.</summary>
    public int Upper;

    /// <summary>The share of the pixel behind.</summary>
    public float Weight;

    /// <summary>The share of a pixel that is one of the two, or both.</summary>
    public readonly float ShareOf(int pixel) => Lower == Upper ? 1 : pixel == Upper ? Weight : 1 - Weight;
}

/// <summary>The outputs [from, to) along an axis that a pixel of the input is part of.</summary>
internal struct ResizeReaders
{
    /// <summary>The first.</summary>
    public int From;

    /// <summary>The one behind the last.</summary>
    public int To;
}
