using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>
/// y = f(a, b, c), element by element, over a full shape to which the operands are broadcast. The elements of the innermost loop lie next
/// to each other in an operand, or are all the same one.
/// </summary>
internal static unsafe class ElementMap
{
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
        fixed (StridedShape* loops = &shape)
        {
            MapLoop<TTerm> loop = new()
            {
                Shape = loops,
                Y = y,
                A = a,
                B = b,
                C = c,
                Alpha = alpha,
                Accumulate = accumulate,
                Count = count,
                Part = (((count + parts - 1) / parts) + 15) / 16 * 16,
            };
            SimdLoop.For(gang, parts, &loop, work);
        }
    }

    private struct MapLoop<TTerm> : ISimdLoop
        where TTerm : struct, IElementTerm
    {
        public StridedShape* Shape;
        public float* Y;
        public Operand A;
        public Operand B;
        public Operand C;
        public float Alpha;
        public bool Accumulate;
        public nint Count;
        public nint Part;

        [SkipLocalsInit]
        public readonly void Run<TSimd, TVector>(int item)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint from = item * Part;
            nint end = nint.Min(from + Part, Count);
            float* same = stackalloc float[3 * TSimd.Width];
            int inner = Shape->Loops - 1;
            nint length = Shape->Length(inner);
            nint strideOfA = Shape->Stride(A.Number, inner);
            nint strideOfB = Shape->Stride(B.Number, inner);
            nint strideOfC = Shape->Stride(C.Number, inner);
            TVector alpha = TSimd.Create(Alpha);
            (nint row, nint at) = Math.DivRem(from, length);
            StridedCursor cursor = new(Shape, 0, inner, row);
            for (; from < end; cursor.MoveNext(), at = 0)
            {
                nint count = nint.Min(length - at, end - from);
                OperandRow a = OperandRow.From<TSimd, TVector>(cursor.At(A), strideOfA, at, same);
                OperandRow b = TTerm.Operands > 1 ? OperandRow.From<TSimd, TVector>(cursor.At(B), strideOfB, at, same + TSimd.Width) : a;
                OperandRow c = TTerm.Operands > 2 ? OperandRow.From<TSimd, TVector>(cursor.At(C), strideOfC, at, same + (2 * TSimd.Width)) : a;
                float* y = Y + from;
                nint i = 0;
                for (; i <= count - TSimd.Width; i += TSimd.Width)
                {
                    TVector value = TTerm.Apply<TSimd, TVector>(
                        a.Load<TSimd, TVector>(i),
                        TTerm.Operands > 1 ? b.Load<TSimd, TVector>(i) : alpha,
                        TTerm.Operands > 2 ? c.Load<TSimd, TVector>(i) : alpha,
                        alpha);
                    Accumulation.Put<TSimd, TVector>(y + i, value, Accumulate);
                }

                if (i < count)
                {
                    nint rest = count - i;
                    TVector value = TTerm.Apply<TSimd, TVector>(
                        a.LoadPartial<TSimd, TVector>(i, rest),
                        TTerm.Operands > 1 ? b.LoadPartial<TSimd, TVector>(i, rest) : alpha,
                        TTerm.Operands > 2 ? c.LoadPartial<TSimd, TVector>(i, rest) : alpha,
                        alpha);
                    Accumulation.PutPartial<TSimd, TVector>(y + i, value, rest, Accumulate);
                }

                from += count;
            }
        }
    }
}
