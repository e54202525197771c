namespace Microsoft.ML.ConvNet.Tests.Saving;

/// <summary>SHA-256 of the streams of the network of <see cref="ModelStreamTests"/>, as first written in offline mode.</summary>
internal static class StreamHashes
{
    public const string Network = "?";
    public const string Weights = "?";
}
