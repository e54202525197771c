using System.Numerics;

namespace Microsoft.ML.ConvNet.Threading;

/// <summary>Lengths and counts rounded up. Of a negative length comes 0 or less.</summary>
internal static class Rounding
{
    /// <summary>Floats of a line of the cache.</summary>
    public const int CacheLine = 16;

    /// <summary>How many parts of a size hold a length: their quotient, rounded up.</summary>
    public static T DivideUp<T>(T length, T size)
        where T : IBinaryInteger<T> => (length + size - T.One) / size;

    /// <summary>The least multiple that is not under a length.</summary>
    public static T RoundUp<T>(T length, T multiple)
        where T : IBinaryInteger<T> => DivideUp(length, multiple) * multiple;

    /// <summary>A length in floats, rounded up to whole lines of the cache: what lies behind it shares no line with it.</summary>
    public static T ToCacheLines<T>(T length)
        where T : IBinaryInteger<T> => RoundUp(length, T.CreateTruncating(CacheLine));
}
