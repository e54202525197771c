namespace Microsoft.ML.ConvNet.Tests.Saving;

/// <summary>SHA-256 of the streams of the network of <see cref="ModelStreamTests"/>, as first written.</summary>
internal static class StreamHashes
{
    public const string Network = "87FB210EE423954994D075793AE1194AF1C470874DCAD2BC467350C29167D569";
    public const string Weights = "69AFCF539E95FFE682EF2D2CB802FF1ED1A298A6E963F17F5661DD12303BB12D";
}
