namespace Microsoft.ML.ConvNet.Layers;

/// <summary>What an image that changes its size takes between its pixels.</summary>
public enum ResizeMode
{
    /// <summary>The nearest pixel.</summary>
    Nearest,

    /// <summary>The mean of the four pixels around, weighted by nearness; beyond the border, the pixels of the border.</summary>
    Bilinear,
}
