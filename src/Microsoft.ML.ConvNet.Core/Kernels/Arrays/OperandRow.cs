using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>
/// An operand along the innermost loop: its elements; or a vector of the one that is broadcast, which every load gives; or a short row as
/// often as a chunk of rows holds it.
/// </summary>
internal readonly unsafe struct OperandRow
{
    private readonly float* _elements;
    private readonly nint _ofRow;
    private readonly nint _ofChunk;

    private OperandRow(float* elements, bool isRow, bool isChunk)
    {
        _elements = elements;
        _ofRow = isRow ? -1 : 0;
        _ofChunk = isChunk ? -1 : 0;
    }

    /// <summary>A row that begins at an address; its elements lie next to each other or, at stride 0, are one.</summary>
    /// <param name="first">The address.</param>
    /// <param name="stride">The stride, 0 or 1.</param>
    /// <param name="same">Memory for a vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OperandRow Of<TSimd, TVector>(float* first, nint stride, float* same)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (stride != 0)
        {
            return new OperandRow(first, isRow: true, isChunk: false);
        }

        TSimd.Store(same, TSimd.Create(*first));
        return new OperandRow(same, isRow: false, isChunk: false);
    }

    /// <summary>A short row, again and again.</summary>
    /// <param name="first">Where it begins.</param>
    /// <param name="length">Its elements.</param>
    /// <param name="chunk">The elements of the rows that are taken as one.</param>
    /// <param name="repeats">Memory for a chunk.</param>
    public static OperandRow Repeated(float* first, nint length, nint chunk, float* repeats)
    {
        for (nint at = 0; at < chunk; at += length)
        {
            Unsafe.CopyBlockUnaligned(repeats + at, first, (uint)length * sizeof(float));
        }

        return new OperandRow(repeats, isRow: false, isChunk: true);
    }

    /// <summary>The operand from an element of the row on, which is another one of its chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public OperandRow From(nint ofRow, nint ofChunk) =>
        new(_elements + (ofRow & _ofRow) + (ofChunk & _ofChunk), (_ofRow | _ofChunk) != 0, isChunk: false);

    /// <summary>A vector from an element on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load<TSimd, TVector>(nint at)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Load(_elements + (at & _ofRow));

    /// <summary>The first lanes of a vector from an element on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector LoadPartial<TSimd, TVector>(nint at, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.LoadPartial(_elements + (at & _ofRow), count);
}
