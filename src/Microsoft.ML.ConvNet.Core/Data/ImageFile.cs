namespace Microsoft.ML.ConvNet.Data;

/// <summary>An image file and its class.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Label">The number of its class.</param>
public sealed record ImageFile(string Path, int Label);
