namespace Microsoft.ML.ConvNet.Layers;

/// <summary>Where in an input of N pixels the pixel o of an output of N' pixels lies, along an axis.</summary>
public enum ResizeCoordinates
{
    /// <summary>At (o + 1/2) N / N' - 1/2: pixels are areas, and the borders of the images coincide.</summary>
    HalfPixel,

    /// <summary>At o (N - 1) / (N' - 1), and at 0 where N' is 1: the centres of the corner pixels coincide.</summary>
    AlignCorners,

    /// <summary>At o N / N': the first pixels coincide.</summary>
    Asymmetric,
}
