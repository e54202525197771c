using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>
/// Sums of f(a, b, c) over the loops along which a target is broadcast: reductions, and the gradients of operands that were broadcast.
/// Each element of the target is summed by one thread in one order: float32 in blocks, whose sums are added in float64.
/// </summary>
internal static unsafe class ElementSum
{
    private const int BlockRows = 64;
    private const int BlockColumns = 128;
    private const int BlockVectors = 64;

    /// <summary>Writes target = scale times the sums, or target += that.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="shape">The loops, the batch included.</param>
    /// <param name="target">Receives the sums.</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="c">The third operand.</param>
    /// <param name="scale">What each sum is multiplied by.</param>
    /// <param name="accumulate">Whether the result is added to what the target holds.</param>
    public static void Run<TTerm>(
        WorkerGang gang, in StridedShape shape, Operand target, Operand a, Operand b, Operand c, float scale, bool accumulate)
        where TTerm : struct, IElementTerm
    {
        StridedShape ordered = ReductionLoops.Order(shape, target.Number, out int kept);
        int inner = ordered.Loops - 1;
        bool isAcross = ordered.Stride(target.Number, inner) == 0;
        nint targets = 1;
        for (int loop = 0; loop < kept; loop++)
        {
            targets *= ordered.Length(loop);
        }

        nint chunks = isAcross ? 1 : Rounding.DivideUp(ordered.Length(inner), BlockColumns);
        nint units = targets * chunks;
        long work = ordered.Count * (TTerm.Operands + 1L);
        int parts = SimdLoop.Parts(gang, work, units);
        SumLoop<TTerm> body = new()
        {
            Shape = &ordered,
            Target = target,
            A = a,
            B = b,
            C = c,
            Kept = kept,
            IsAcross = isAcross,
            Chunks = chunks,
            Units = units,
            Parts = parts,
            Scale = scale,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, parts, &body, work);
    }

    private struct SumLoop<TTerm> : ISimdTask
        where TTerm : struct, IElementTerm
    {
        public StridedShape* Shape;
        public Operand Target;
        public Operand A;
        public Operand B;
        public Operand C;
        public int Kept;
        public bool IsAcross;
        public nint Chunks;
        public nint Units;
        public int Parts;
        public float Scale;
        public bool Accumulate;

        [SkipLocalsInit]
        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            float* block = stackalloc float[BlockColumns];
            double* totals = stackalloc double[BlockColumns];
            float* same = stackalloc float[3 * TSimd.Width];
            nint end = Share.End(Units, item, Parts);
            for (nint unit = Share.Start(Units, item, Parts); unit < end; unit++)
            {
                (nint number, nint chunk) = Math.DivRem(unit, Chunks);
                StridedCursor outer = new(Shape, 0, Kept, number);
                if (IsAcross)
                {
                    *totals = Across<TSimd, TVector>(outer, same);
                    Put(outer.At(Target), totals, 1);
                }
                else
                {
                    nint first = chunk * BlockColumns;
                    nint count = nint.Min(BlockColumns, Shape->Length(Shape->Loops - 1) - first);
                    Down<TSimd, TVector>(outer, first, count, block, totals, same);
                    Put(outer.At(Target) + first, totals, count);
                }
            }
        }

        private readonly void Put(float* target, double* totals, nint count)
        {
            for (nint i = 0; i < count; i++)
            {
                double sum = totals[i] * Scale;
                target[i] = Accumulate ? (float)(target[i] + sum) : (float)sum;
            }
        }

        // The sum over all reduced loops, the innermost among them.
        private readonly double Across<TSimd, TVector>(in StridedCursor outer, float* same)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            int inner = Shape->Loops - 1;
            nint length = Shape->Length(inner);
            nint rows = ReductionLoops.Rows(Shape, Kept);
            StridedCursor cursor = new(Shape, Kept, inner, 0);
            double total = 0;
            for (nint row = 0; row < rows; row++, cursor.MoveNext())
            {
                OperandRow a = RowOf<TSimd, TVector>(A, outer, cursor, same);
                OperandRow b = TTerm.Operands > 1 ? RowOf<TSimd, TVector>(B, outer, cursor, same + TSimd.Width) : a;
                OperandRow c = TTerm.Operands > 2 ? RowOf<TSimd, TVector>(C, outer, cursor, same + (2 * TSimd.Width)) : a;
                for (nint from = 0; from < length; from += BlockVectors * TSimd.Width)
                {
                    nint end = nint.Min(from + (BlockVectors * TSimd.Width), length);
                    TVector sum = TSimd.Zero;
                    nint i = from;
                    for (; i <= end - TSimd.Width; i += TSimd.Width)
                    {
                        sum = TSimd.Add(sum, Term<TSimd, TVector>(a, b, c, i));
                    }

                    if (i < end)
                    {
                        TVector last = PartialTerm<TSimd, TVector>(a, b, c, i, end - i);
                        sum = TSimd.Add(sum, TSimd.Select(TSimd.FirstLanes(end - i), last, TSimd.Zero));
                    }

                    total += TSimd.Sum(sum);
                }
            }

            return total;
        }

        // The sums of neighbouring columns over all reduced loops, none of which is the innermost.
        private readonly void Down<TSimd, TVector>(
            in StridedCursor outer, nint first, nint columns, float* block, double* totals, float* same)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint rows = ReductionLoops.Rows(Shape, Kept);
            StridedCursor cursor = new(Shape, Kept, Shape->Loops - 1, 0);
            new Span<double>(totals, (int)columns).Clear();
            for (nint from = 0; from < rows; from += BlockRows)
            {
                nint end = nint.Min(from + BlockRows, rows);
                for (nint row = from; row < end; row++, cursor.MoveNext())
                {
                    OperandRow a = RowOf<TSimd, TVector>(A, outer, cursor, same);
                    OperandRow b = TTerm.Operands > 1 ? RowOf<TSimd, TVector>(B, outer, cursor, same + TSimd.Width) : a;
                    OperandRow c = TTerm.Operands > 2 ? RowOf<TSimd, TVector>(C, outer, cursor, same + (2 * TSimd.Width)) : a;
                    bool adds = row > from;
                    nint i = 0;
                    for (; i <= columns - TSimd.Width; i += TSimd.Width)
                    {
                        Accumulation.Put<TSimd, TVector>(block + i, Term<TSimd, TVector>(a, b, c, first + i), adds);
                    }

                    if (i < columns)
                    {
                        TVector last = PartialTerm<TSimd, TVector>(a, b, c, first + i, columns - i);
                        Accumulation.PutPartial<TSimd, TVector>(block + i, last, columns - i, adds);
                    }
                }

                for (nint i = 0; i < columns; i++)
                {
                    totals[i] += block[i];
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly OperandRow RowOf<TSimd, TVector>(Operand operand, in StridedCursor outer, in StridedCursor cursor, float* same)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct =>
            OperandRow.Of<TSimd, TVector>(
                outer.At(operand) + cursor.Offset(operand.Number), Shape->Stride(operand.Number, Shape->Loops - 1), same);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector Term<TSimd, TVector>(OperandRow a, OperandRow b, OperandRow c, nint at)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct =>
            TTerm.Apply<TSimd, TVector>(
                a.Load<TSimd, TVector>(at),
                TTerm.Operands > 1 ? b.Load<TSimd, TVector>(at) : TSimd.Zero,
                TTerm.Operands > 2 ? c.Load<TSimd, TVector>(at) : TSimd.Zero,
                TSimd.Zero);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector PartialTerm<TSimd, TVector>(OperandRow a, OperandRow b, OperandRow c, nint at, nint count)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct =>
            TTerm.Apply<TSimd, TVector>(
                a.LoadPartial<TSimd, TVector>(at, count),
                TTerm.Operands > 1 ? b.LoadPartial<TSimd, TVector>(at, count) : TSimd.Zero,
                TTerm.Operands > 2 ? c.LoadPartial<TSimd, TVector>(at, count) : TSimd.Zero,
                TSimd.Zero);
    }
}
