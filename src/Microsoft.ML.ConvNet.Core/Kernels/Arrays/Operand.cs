namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>A tensor that a strided loop reads or writes.</summary>
/// <param name="pointer">Its first element.</param>
/// <param name="number">Its number in the <see cref="StridedShape"/>.</param>
internal readonly unsafe struct Operand(float* pointer, int number)
{
    /// <summary>Its first element.</summary>
    public float* Pointer => pointer;

    /// <summary>Its number in the shape.</summary>
    public int Number => number;
}
