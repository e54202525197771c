namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>What stands for the pixels outside of an image that was moved; the letters are a line of pixels, as Keras documents its modes.</summary>
public enum FillMode
{
    /// <summary>The nearest pixel: a a a | a b c d | d d d.</summary>
    Nearest,

    /// <summary>A value: k k k | a b c d | k k k.</summary>
    Constant,

    /// <summary>The image in a mirror at its edge: c b a | a b c d | d c b.</summary>
    Reflect,

    /// <summary>The image once more: b c d | a b c d | a b c.</summary>
    Wrap,
}
