using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Reductions;

/// <summary>
/// A view of a matrix [rows, columns] with few columns as one of <see cref="Factor"/> times longer rows, so that a row fills whole
/// vectors: [rows / Factor, Factor columns], the last row perhaps shorter. What a column needs is repeated Factor times;
/// what is summed over the longer rows is folded back.
/// </summary>
internal readonly unsafe struct ColumnFold
{
    /// <summary>No folded row is longer.</summary>
    public const int MaximumFoldedLength = 1024;

    private const int VectorsWanted = 8;
    private const int VectorsWithoutTailFold = 4;

    private ColumnFold(int columns, int factor)
    {
        Columns = columns;
        Factor = factor;
    }

    /// <summary>The columns of the matrix.</summary>
    public int Columns { get; }

    /// <summary>The rows that are taken as one; a power of two.</summary>
    public int Factor { get; }

    /// <summary>The length of the longer rows.</summary>
    public nint Length => (nint)Columns * Factor;

    /// <summary>The view for vectors of the given width.</summary>
    public static ColumnFold For(int columns, int vectorWidth)
    {
        if (columns >= VectorsWanted * vectorWidth
            || (columns % vectorWidth != 0 && columns >= VectorsWithoutTailFold * vectorWidth))
        {
            return new ColumnFold(columns, 1);
        }

        int factor = 1;
        while (columns * factor % vectorWidth != 0 || columns * factor < VectorsWanted * vectorWidth)
        {
            factor *= 2;
        }

        return new ColumnFold(columns, factor);
    }

    /// <summary>The view of rows that do not lie one behind the other: each row by itself.</summary>
    public static ColumnFold Apart(int columns) => new(columns, 1);

    /// <summary>Writes the values of the columns once for every row taken together.</summary>
    public void Repeat(float* values, float* repeated)
    {
        for (int i = 0; i < Factor; i++)
        {
            Unsafe.CopyBlockUnaligned(repeated + ((nint)i * Columns), values, (uint)Columns * sizeof(float));
        }
    }

    /// <summary>Adds the repetitions of each column, by halves: the sums lie in the first <see cref="Columns"/> elements.</summary>
    public void Fold<TSimd, TVector>(float* sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (int part = Factor / 2; part > 0; part /= 2)
        {
            nint half = (nint)part * Columns;
            for (nint i = 0; i < half; i += TSimd.Width)
            {
                nint count = nint.Min(TSimd.Width, half - i);
                TVector sum = TSimd.Add(TSimd.LoadPartial(sums + i, count), TSimd.LoadPartial(sums + half + i, count));
                TSimd.StorePartial(sums + i, sum, count);
            }
        }
    }
}
