namespace Microsoft.ML.ConvNet.Layers;

/// <summary>What <see cref="Pad"/> puts around its input.</summary>
public enum PaddingMode
{
    /// <summary>The same number everywhere.</summary>
    Constant,

    /// <summary>The input mirrored at its first and last elements, which are not repeated.</summary>
    Reflect,

    /// <summary>The first and the last elements, repeated.</summary>
    Replicate,
}
