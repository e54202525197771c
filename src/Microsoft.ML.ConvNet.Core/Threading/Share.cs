namespace Microsoft.ML.ConvNet.Threading;

/// <summary>
/// The division of things in a row into a number of even shares: share s of n are the things from s / n of them to (s + 1) / n of them. The
/// members of a gang and the parts of a loop take shares.
/// </summary>
internal static class Share
{
    /// <summary>The first thing of a share, or, of the share behind the last, the number of things.</summary>
    public static long Start(long total, int share, int shares) => total * share / shares;

    /// <inheritdoc cref="Start(long, int, int)"/>
    public static int Start(int total, int share, int shares) => (int)Start((long)total, share, shares);

    /// <inheritdoc cref="Start(long, int, int)"/>
    public static nint Start(nint total, int share, int shares) => (nint)Start((long)total, share, shares);

    /// <summary>The thing behind the last one of a share.</summary>
    public static long End(long total, int share, int shares) => Start(total, share + 1, shares);

    /// <inheritdoc cref="End(long, int, int)"/>
    public static int End(int total, int share, int shares) => Start(total, share + 1, shares);

    /// <inheritdoc cref="End(long, int, int)"/>
    public static nint End(nint total, int share, int shares) => Start(total, share + 1, shares);
}
