namespace Microsoft.ML.ConvNet;

/// <summary>The order in which a vector column holds the values of an image.</summary>
public enum ImageLayout
{
    /// <summary>
    /// As the dimensions of the column's type say, where they fit the network's input in one way only; an error where they leave it open.
    /// </summary>
    Auto,

    /// <summary>Plane by plane, <c>[C, H, W]</c>: what ExtractPixels gives by default.</summary>
    ChannelsFirst,

    /// <summary>Pixel by pixel, <c>[H, W, C]</c>: what ExtractPixels gives with interleaved colours.</summary>
    ChannelsLast,
}
