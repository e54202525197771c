using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Products;

/// <summary>Matrices that a product reads or writes, of which those of a <see cref="StridedShape"/> are the elements.</summary>
/// <param name="Number">The number of these matrices in the shape.</param>
/// <param name="RowStride">How far a row is from the next.</param>
/// <param name="ColumnStride">How far a column is from the next.</param>
internal readonly record struct ProductOperand(int Number, nint RowStride, nint ColumnStride);

/// <summary>
/// Products of many matrices at once: y [rows, columns] = a [rows, depth] b [depth, columns], summed over the loops along which y is
/// broadcast. Each element of y is summed by one thread in the order of the depth.
/// </summary>
internal static unsafe class BatchedProduct
{
    private const int BlockRows = 4;

    /// <summary>Writes the products, or adds them.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="shape">The loops over matrices, the batch included.</param>
    /// <param name="rows">The rows of y and a.</param>
    /// <param name="depth">The columns of a and rows of b.</param>
    /// <param name="columns">The columns of b and y; in both the elements of a row are neighbours.</param>
    /// <param name="a">The matrices a, with any strides.</param>
    /// <param name="b">The matrices b.</param>
    /// <param name="y">The matrices y.</param>
    /// <param name="fromA">The first element of a.</param>
    /// <param name="fromB">The first element of b.</param>
    /// <param name="to">The first element of y.</param>
    /// <param name="accumulate">Whether the products are added to what y holds.</param>
    public static void Run(
        WorkerGang gang,
        in StridedShape shape,
        int rows,
        int depth,
        int columns,
        ProductOperand a,
        ProductOperand b,
        ProductOperand y,
        float* fromA,
        float* fromB,
        float* to,
        bool accumulate)
    {
        StridedShape ordered = ReductionLoops.OrderAll(shape, y.Number, out int kept);
        nint targets = 1;
        for (int loop = 0; loop < kept; loop++)
        {
            targets *= ordered.Length(loop);
        }

        int blocks = Rounding.DivideUp(rows, BlockRows);
        long work = Math.Max(ordered.Count * ((long)rows * depth * columns), 1) / 2;
        nint units = targets * blocks;
        int parts = SimdLoop.Parts(gang, work, units);
        ProductLoop body = new()
        {
            Shape = &ordered,
            Kept = kept,
            Rows = rows,
            Depth = depth,
            Columns = columns,
            A = a,
            B = b,
            Y = y,
            FromA = fromA,
            FromB = fromB,
            To = to,
            Blocks = blocks,
            Units = units,
            Parts = parts,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, parts, &body, work);
    }

    private struct ProductLoop : ISimdTask
    {
        public StridedShape* Shape;
        public int Kept;
        public int Rows;
        public int Depth;
        public int Columns;
        public ProductOperand A;
        public ProductOperand B;
        public ProductOperand Y;
        public float* FromA;
        public float* FromB;
        public float* To;
        public int Blocks;
        public nint Units;
        public int Parts;
        public bool Accumulate;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint end = Share.End(Units, item, Parts);
            for (nint unit = Share.Start(Units, item, Parts); unit < end; unit++)
            {
                (nint target, nint block) = Math.DivRem(unit, Blocks);
                nint row = block * BlockRows;
                StridedCursor outer = new(Shape, 0, Kept, target);
                StridedCursor cursor = new(Shape, Kept, Shape->Loops, 0);
                nint terms = ReductionLoops.Count(Shape, Kept, Shape->Loops);
                float* y = To + (outer.Offset(Y.Number) * MatrixLength(Rows, Columns)) + (row * Y.RowStride);
                for (nint term = 0; term < terms; term++, cursor.MoveNext())
                {
                    nint matrixOfA = outer.Offset(A.Number) + cursor.Offset(A.Number);
                    nint matrixOfB = outer.Offset(B.Number) + cursor.Offset(B.Number);
                    float* a = FromA + (matrixOfA * MatrixLength(Rows, Depth)) + (row * A.RowStride);
                    float* b = FromB + (matrixOfB * MatrixLength(Depth, Columns));
                    bool adds = Accumulate || term > 0;
                    if (row + BlockRows <= Rows)
                    {
                        FourRows<TSimd, TVector>(a, b, y, adds);
                        continue;
                    }

                    for (nint i = 0; i < Rows - row; i++)
                    {
                        OneRow<TSimd, TVector>(a + (i * A.RowStride), b, y + (i * Y.RowStride), 0, adds);
                    }
                }
            }
        }

        private static nint MatrixLength(int rows, int columns) => (nint)rows * columns;

        private readonly void FourRows<TSimd, TVector>(float* a, float* b, float* y, bool adds)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint stride = A.RowStride;
            nint c = 0;
            for (; c <= Columns - (2 * TSimd.Width); c += 2 * TSimd.Width)
            {
                TVector sum00 = TSimd.Zero, sum01 = TSimd.Zero, sum10 = TSimd.Zero, sum11 = TSimd.Zero;
                TVector sum20 = TSimd.Zero, sum21 = TSimd.Zero, sum30 = TSimd.Zero, sum31 = TSimd.Zero;
                float* element = a;
                float* row = b + c;
                for (int k = 0; k < Depth; k++, element += A.ColumnStride, row += B.RowStride)
                {
                    TVector b0 = TSimd.Load(row);
                    TVector b1 = TSimd.Load(row + TSimd.Width);
                    TVector factor = TSimd.Create(*element);
                    sum00 = TSimd.MultiplyAdd(factor, b0, sum00);
                    sum01 = TSimd.MultiplyAdd(factor, b1, sum01);
                    factor = TSimd.Create(element[stride]);
                    sum10 = TSimd.MultiplyAdd(factor, b0, sum10);
                    sum11 = TSimd.MultiplyAdd(factor, b1, sum11);
                    factor = TSimd.Create(element[2 * stride]);
                    sum20 = TSimd.MultiplyAdd(factor, b0, sum20);
                    sum21 = TSimd.MultiplyAdd(factor, b1, sum21);
                    factor = TSimd.Create(element[3 * stride]);
                    sum30 = TSimd.MultiplyAdd(factor, b0, sum30);
                    sum31 = TSimd.MultiplyAdd(factor, b1, sum31);
                }

                Put2<TSimd, TVector>(y + c, sum00, sum01, adds);
                Put2<TSimd, TVector>(y + c + Y.RowStride, sum10, sum11, adds);
                Put2<TSimd, TVector>(y + c + (2 * Y.RowStride), sum20, sum21, adds);
                Put2<TSimd, TVector>(y + c + (3 * Y.RowStride), sum30, sum31, adds);
            }

            for (nint i = 0; c < Columns && i < BlockRows; i++)
            {
                OneRow<TSimd, TVector>(a + (i * stride), b, y + (i * Y.RowStride), c, adds);
            }
        }

        // The columns of one row from a column on.
        private readonly void OneRow<TSimd, TVector>(float* a, float* b, float* y, nint firstColumn, bool adds)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            for (nint c = firstColumn; c < Columns; c += TSimd.Width)
            {
                nint count = nint.Min(TSimd.Width, Columns - c);
                TVector sum = TSimd.Zero;
                float* element = a;
                float* row = b + c;
                for (int k = 0; k < Depth; k++, element += A.ColumnStride, row += B.RowStride)
                {
                    TVector factors = count == TSimd.Width ? TSimd.Load(row) : TSimd.LoadPartial(row, count);
                    sum = TSimd.MultiplyAdd(TSimd.Create(*element), factors, sum);
                }

                Accumulation.PutPartial<TSimd, TVector>(y + c, sum, count, adds);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Put2<TSimd, TVector>(float* y, TVector first, TVector second, bool adds)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            Accumulation.Put<TSimd, TVector>(y, first, adds);
            Accumulation.Put<TSimd, TVector>(y + TSimd.Width, second, adds);
        }
    }
}
