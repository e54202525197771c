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

    /// <summary>Eight bits, of which four are the exponent; without infinities (Micikevicius et al., 2022).</summary>
    F8_E4M3,

    /// <summary>The upper half of a binary16.</summary>
    F8_E5M2,

    /// <summary>64-bit whole numbers, such as the counters in PyTorch's files; rounded when read.</summary>
    I64,

    /// <summary>32-bit whole numbers; rounded when read.</summary>
    I32,

    /// <summary>16-bit whole numbers.</summary>
    I16,

    /// <summary>8-bit whole numbers.</summary>
    I8,

    /// <summary>64-bit whole numbers without a sign; rounded when read.</summary>
    U64,

    /// <summary>32-bit whole numbers without a sign; rounded when read.</summary>
    U32,

    /// <summary>16-bit whole numbers without a sign.</summary>
    U16,

    /// <summary>Bytes.</summary>
    U8,

    /// <summary>A byte that is 0 for false, which is read as 0; else true, 1.</summary>
    BOOL,
}
