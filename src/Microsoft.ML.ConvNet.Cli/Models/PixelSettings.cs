namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>What is done to the pixels of image files before a network that was trained elsewhere.</summary>
/// <param name="Order">The order of the colours that it takes.</param>
/// <param name="Background">What transparent pixels lie on.</param>
/// <param name="Mean">What is subtracted; null for nothing.</param>
/// <param name="Deviation">What the differences are divided by; null for 1.</param>
internal sealed record PixelSettings(
    ChannelOrder Order, ImageBackground Background, IReadOnlyList<float>? Mean, IReadOnlyList<float>? Deviation);
