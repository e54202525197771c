namespace Microsoft.ML.ConvNet.Storage;

/// <summary>As what weights are written to a file; in memory, and in what is computed, they are 32-bit floats.</summary>
public enum WeightStorage
{
    /// <summary>32-bit floats: as they are.</summary>
    Full,

    /// <summary>
    /// 16-bit floats (IEEE 754 binary16) in about half the space: each weight of convolutions and products is rounded to 11 significant bits. Biases and what normalises, which
    /// are few, stay as they are, and so does a tensor with a number past the range, 65,504.
    /// </summary>
    Half,
}
