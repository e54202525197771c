namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>How a value between pixels is made.</summary>
public enum Interpolation
{
    /// <summary>The mean of the four pixels around it, weighted by their distance.</summary>
    Bilinear,

    /// <summary>The nearest pixel.</summary>
    Nearest,
}
