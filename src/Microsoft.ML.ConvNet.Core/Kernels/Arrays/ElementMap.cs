using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>
/// y = f(a, b, c), element by element, over a full shape to which the operands are broadcast. The elements of the innermost loop lie next
/// to each other in an operand, or are all the same one. Where that loop is short, as many of its rows as fill vectors are taken as one.
/// </summary>
internal static unsafe class ElementMap
{
    private const int ShortRow = 64;
    private const int FoldedLength = 1024;

    /// <summary>Writes y = f(a, b, c), or y += it, with as many operands as the term reads.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="shape">The loops, the batch included.</param>
    /// <param name="y">Receives the full shape; may be an operand that has it.</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="c">The third operand.</param>
    /// <param name="alpha">The term's constant.</param>
    /// <param name="accumulate">Whether the result is added to what y holds.</param>
    public static void Run<TTerm>(
        WorkerGang gang, in StridedShape shape, float* y, Operand a, Operand b, Operand c, float alpha, bool accumulate)
        where TTerm : struct, IElementTerm
    {
        nint count = shape.Count;
        long work = count * (TTerm.Operands + 1L);
        int parts = SimdLoop.Parts(gang, work);
        bool folds = shape.Loops > 1 && shape.Length(shape.Loops - 1) < ShortRow
            && Folds(shape, a)
            && (TTerm.Operands < 2 || Folds(shape, b))
            && (TTerm.Operands < 3 || Folds(shape, c));
        fixed (StridedShape* loops = &shape)
        {
            MapLoop<TTerm> loop = new()
            {
                Shape = loops,
                Folds = folds,
                Y = y,
                A = a,
                B = b,
                C = c,
                Alpha = alpha,
                Accumulate = accumulate,
                Count = count,
                Part = SimdLoop.PartLength(count, parts),
            };
            SimdLoop.For(gang, parts, &loop, work);
        }
    }

    /// <summary>Whether the rows of the innermost loop follow each other in an operand, or are all the same one.</summary>
    private static bool Folds(in StridedShape shape, Operand operand)
    {
        int inner = shape.Loops - 1;
        nint row = shape.Stride(operand.Number, inner - 1);
        return shape.Stride(operand.Number, inner) == 0 ? row == 0 : row == 0 || row == shape.Length(inner);
    }

    private struct MapLoop<TTerm> : ISimdTask
        where TTerm : struct, IElementTerm
    {
        public StridedShape* Shape;
        public bool Folds;
        public Operand A;
        public Operand B;
        public Operand C;
        public float* Y;
        public float Alpha;
        public bool Accumulate;
        public nint Count;
        public nint Part;

        [SkipLocalsInit]
        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint from = item * Part;
            nint end = nint.Min(from + Part, Count);
            float* repeats = stackalloc float[3 * FoldedLength];
            int outer = Shape->Loops - (Folds ? 2 : 1);
            nint length = Shape->Length(Shape->Loops - 1);
            nint rows = Folds ? Shape->Length(outer) : 1;
            nint chunk = length * nint.Min(rows, Folds ? FoldedLength / length : 1);
            (nint row, nint at) = Math.DivRem(from, length * rows);
            StridedCursor cursor = new(Shape, 0, outer, row);
            for (; from < end; cursor.MoveNext(), at = 0)
            {
                OperandRow a = RowOf<TSimd, TVector>(A, cursor, chunk, repeats);
                OperandRow b = TTerm.Operands > 1 ? RowOf<TSimd, TVector>(B, cursor, chunk, repeats + FoldedLength) : a;
                OperandRow c = TTerm.Operands > 2 ? RowOf<TSimd, TVector>(C, cursor, chunk, repeats + (2 * FoldedLength)) : a;
                while (at < length * rows && from < end)
                {
                    nint inChunk = at % chunk;
                    nint count = nint.Min(nint.Min(chunk - inChunk, (length * rows) - at), end - from);
                    Span<TSimd, TVector>(a.From(at, inChunk), b.From(at, inChunk), c.From(at, inChunk), Y + from, count);
                    from += count;
                    at += count;
                }
            }
        }

        private readonly OperandRow RowOf<TSimd, TVector>(Operand operand, in StridedCursor cursor, nint chunk, float* repeats)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            int inner = Shape->Loops - 1;
            float* first = cursor.At(operand);
            nint stride = Shape->Stride(operand.Number, inner);
            return Folds && stride != 0 && Shape->Stride(operand.Number, inner - 1) == 0
                ? OperandRow.Repeated(first, Shape->Length(inner), chunk, repeats)
                : OperandRow.Of<TSimd, TVector>(first, stride, repeats);
        }

        private readonly void Span<TSimd, TVector>(OperandRow a, OperandRow b, OperandRow c, float* y, nint count)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            bool accumulate = Accumulate;
            TVector alpha = TSimd.Create(Alpha);
            nint i = 0;
            for (; i <= count - TSimd.Width; i += TSimd.Width)
            {
                TVector value = TTerm.Apply<TSimd, TVector>(
                    a.Load<TSimd, TVector>(i),
                    TTerm.Operands > 1 ? b.Load<TSimd, TVector>(i) : alpha,
                    TTerm.Operands > 2 ? c.Load<TSimd, TVector>(i) : alpha,
                    alpha);
                Accumulation.Put<TSimd, TVector>(y + i, value, accumulate);
            }

            if (i < count)
            {
                nint rest = count - i;
                TVector value = TTerm.Apply<TSimd, TVector>(
                    a.LoadPartial<TSimd, TVector>(i, rest),
                    TTerm.Operands > 1 ? b.LoadPartial<TSimd, TVector>(i, rest) : alpha,
                    TTerm.Operands > 2 ? c.LoadPartial<TSimd, TVector>(i, rest) : alpha,
                    alpha);
                Accumulation.PutPartial<TSimd, TVector>(y + i, value, rest, accumulate);
            }
        }
    }
}
