namespace Microsoft.ML.Data;

/// <summary>The order of the bytes of a pixel.</summary>
public enum MLPixelFormat
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Blue, green, red, alpha, 8 bits each.</summary>
    Bgra32,

    /// <summary>Red, green, blue, alpha, 8 bits each.</summary>
    Rgba32,
}
