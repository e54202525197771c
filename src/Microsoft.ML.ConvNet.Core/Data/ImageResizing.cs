namespace Microsoft.ML.ConvNet.Data;

/// <summary>How images of any size are brought to the size that a network takes.</summary>
public enum ImageResizing
{
    /// <summary>Not at all: images of another size are refused.</summary>
    None,

    /// <summary>
    /// Scaled until they cover the size, with the ratio of their sides as it is, and cut at the sides that are too long, as much at one end as at the other:
    /// ML.NET's IsoCrop.
    /// </summary>
    Crop,

    /// <summary>Scaled to the size, whatever becomes of the ratio of their sides: ML.NET's Fill.</summary>
    Fill,

    /// <summary>
    /// Scaled until they lie within the size, with the ratio of their sides as it is, in the middle of an even ground: ML.NET's IsoPad.
    /// </summary>
    Pad,
}
