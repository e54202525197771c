#pragma warning disable CA1720 // The names are those of ONNX, some of which are names of types here, too.
namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>The type of a tensor's elements, with the numbers that ONNX gives them.</summary>
public enum OnnxElementType
{
    /// <summary>None is given.</summary>
    Undefined = 0,

    /// <summary>32-bit floating point.</summary>
    Float = 1,

    /// <summary>8-bit whole numbers from 0.</summary>
    UInt8 = 2,

    /// <summary>8-bit whole numbers.</summary>
    Int8 = 3,

    /// <summary>16-bit whole numbers from 0.</summary>
    UInt16 = 4,

    /// <summary>16-bit whole numbers.</summary>
    Int16 = 5,

    /// <summary>32-bit whole numbers.</summary>
    Int32 = 6,

    /// <summary>64-bit whole numbers.</summary>
    Int64 = 7,

    /// <summary>Texts.</summary>
    String = 8,

    /// <summary>True or false.</summary>
    Bool = 9,

    /// <summary>16-bit floating point.</summary>
    Float16 = 10,

    /// <summary>64-bit floating point.</summary>
    Double = 11,

    /// <summary>32-bit whole numbers from 0.</summary>
    UInt32 = 12,

    /// <summary>64-bit whole numbers from 0.</summary>
    UInt64 = 13,

    /// <summary>Complex numbers of two 32-bit floats.</summary>
    Complex64 = 14,

    /// <summary>Complex numbers of two 64-bit floats.</summary>
    Complex128 = 15,

    /// <summary>16-bit floating point with the range of 32 bits.</summary>
    BFloat16 = 16,
}
