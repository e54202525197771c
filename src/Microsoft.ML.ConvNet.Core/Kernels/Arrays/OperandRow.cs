using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>An operand along the innermost loop: its elements, or a vector of the one that is broadcast, which every load gives.</summary>
internal readonly unsafe struct OperandRow
{
    private readonly float* _elements;
    private readonly nint _mask;

    private OperandRow(float* elements, nint mask)
    {
        _elements = elements;
        _mask = mask;
    }

    /// <summary>A row that begins at an address, from an element on; its elements lie next to each other or, at stride 0, are one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OperandRow From<TSimd, TVector>(float* first, nint stride, nint at, float* same)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (stride == 0)
        {
            TSimd.Store(same, TSimd.Create(*first));
            return new OperandRow(same, 0);
        }

        return new OperandRow(first + at, -1);
    }

    /// <summary>A vector from an element on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load<TSimd, TVector>(nint at)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Load(_elements + (at & _mask));

    /// <summary>The first lanes of a vector from an element on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector LoadPartial<TSimd, TVector>(nint at, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.LoadPartial(_elements + (at & _mask), count);
}
