namespace Microsoft.ML.ConvNet.Kernels.Warping;

/// <summary>Which pixel of a line stands for one that would lie outside of it.</summary>
internal interface IBorder
{
    /// <summary>The place in a line of a number of pixels that stands for a place outside of it; negative where none does.</summary>
    static abstract int Inside(int place, int count);
}

/// <summary>None: k k k | a b c d | k k k.</summary>
internal readonly struct ConstantBorder : IBorder
{
    /// <inheritdoc/>
    public static int Inside(int place, int count) => -1;
}

/// <summary>The nearest: a a a | a b c d | d d d.</summary>
internal readonly struct NearestBorder : IBorder
{
    /// <inheritdoc/>
    public static int Inside(int place, int count) => Math.Clamp(place, 0, count - 1);
}

/// <summary>The mirrored one: c b a | a b c d | d c b.</summary>
internal readonly struct ReflectBorder : IBorder
{
    /// <inheritdoc/>
    public static int Inside(int place, int count)
    {
        int inPeriod = WrapBorder.Inside(place, 2 * count);
        return inPeriod < count ? inPeriod : (2 * count) - 1 - inPeriod;
    }
}

/// <summary>That of the line repeated: b c d | a b c d | a b c.</summary>
internal readonly struct WrapBorder : IBorder
{
    /// <inheritdoc/>
    public static int Inside(int place, int count)
    {
        int remainder = place % count;
        return remainder < 0 ? remainder + count : remainder;
    }
}
