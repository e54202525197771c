namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>The operations that RandAugment and TrivialAugment draw from.</summary>
internal enum PolicyOperation
{
    /// <summary>Nothing.</summary>
    Identity,

    /// <summary>Rows are moved by so many times their distance from the middle.</summary>
    ShearX,

    /// <summary>Columns are moved by so many times their distance from the middle.</summary>
    ShearY,

    /// <summary>A move by so many pixels to the right.</summary>
    TranslateX,

    /// <summary>A move by so many pixels down.</summary>
    TranslateY,

    /// <summary>A turn by so many degrees.</summary>
    Rotate,

    /// <summary>The brightness by a factor of 1 plus so much.</summary>
    Brightness,

    /// <summary>The saturation by a factor of 1 plus so much.</summary>
    Color,

    /// <summary>The contrast by a factor of 1 plus so much.</summary>
    Contrast,

    /// <summary>The sharpness by a factor of 1 plus so much.</summary>
    Sharpness,

    /// <summary>Only so many of the eight bits are kept.</summary>
    Posterize,

    /// <summary>Values from so much on are turned over.</summary>
    Solarize,

    /// <summary>Each channel is stretched to 0 to 255.</summary>
    AutoContrast,

    /// <summary>The values of each channel become equally frequent.</summary>
    Equalize,
}
