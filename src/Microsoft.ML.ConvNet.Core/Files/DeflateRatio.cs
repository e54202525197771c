namespace Microsoft.ML.ConvNet.Files;

/// <summary>How much can be in a compressed file, to know what it only claims to hold.</summary>
internal static class DeflateRatio
{
    /// <summary>The most bytes that the deflate format makes of one (RFC 1951): 258 of two bits.</summary>
    public const long Most = 258 * 4;
}
