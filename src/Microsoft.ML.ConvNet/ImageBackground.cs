namespace Microsoft.ML.ConvNet;

/// <summary>What the transparent pixels of an image column lie on: networks take colours, and no alpha.</summary>
public enum ImageBackground
{
    /// <summary>
    /// White, as in a viewer of pictures: strokes on a transparent ground stay visible, whatever their colour but white. ResizeImages and
    /// ConvertToGrayscale keep the alpha, and what ResizeImages pads pictures with is transparent, too.
    /// </summary>
    White,

    /// <summary>
    /// Black, which is what ExtractPixels gives: the colours as decoders store them, premultiplied by alpha. Models that were saved before there
    /// was a choice have it.
    /// </summary>
    Black,
}
