namespace Microsoft.ML.ConvNet.Storage;

/// <summary>The kinds of numbers in a safetensors file that can be read as 32-bit floats; named as in the file.</summary>
internal enum SafeTensorsElementType
{
    /// <summary>IEEE 754 binary32.</summary>
    F32,

    /// <summary>IEEE 754 binary16.</summary>
    F16,

    /// <summary>The upper half of a binary32.</summary>
    BF16,

    /// <summary>IEEE 754 binary64; rounded when read.</summary>
    F64,

    /// <summary>64-bit whole numbers, such as the counters in PyTorch's files; rounded when read.</summary>
    I64,
}
