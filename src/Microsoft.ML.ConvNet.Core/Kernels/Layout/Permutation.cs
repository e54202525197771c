using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Layout;

/// <summary>
/// Tensors with their dimensions in another order. Where the innermost loop stays innermost, runs are copied; else the loop along which the
/// input lies without gaps and the innermost one are transposed in blocks.
/// </summary>
internal static unsafe class Permutation
{
    /// <summary>y = x with its dimensions in another order, or y += it.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="shape">The loops, the batch included; operand 0 is x.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">The output; no part of the input.</param>
    /// <param name="accumulate">Whether the result is added to what y holds.</param>
    public static void Run(WorkerGang gang, in StridedShape shape, float* x, float* y, bool accumulate)
    {
        int inner = shape.Loops - 1;
        if (shape.Stride(0, inner) == 1)
        {
            ElementMap.Run<CopyTerm>(gang, shape, y, new Operand(x, 0), default, default, 0, accumulate);
            return;
        }

        Span<int> order = stackalloc int[StridedShape.MaximumLoops];
        int contiguous = 0;
        int next = 0;
        for (int loop = 0; loop < inner; loop++)
        {
            if (shape.Stride(0, loop) == 1)
            {
                contiguous = loop;
            }
            else
            {
                order[next++] = loop;
            }
        }

        order[inner - 1] = contiguous;
        order[inner] = inner;
        StridedShape ordered = shape.Reordered(order[..shape.Loops]);
        nint blocks = Rounding.DivideUp(ordered.Length(inner - 1), SimdTier.Width);
        nint units = ordered.Count / ordered.Length(inner) / ordered.Length(inner - 1) * blocks;
        long work = ordered.Count * 2L;
        int parts = SimdLoop.Parts(gang, work, units);
        TransposeLoop body = new()
        {
            Shape = &ordered,
            X = x,
            Y = y,
            Blocks = blocks,
            Units = units,
            Parts = parts,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, parts, &body, work);
    }

    private struct TransposeLoop : ISimdTask
    {
        public StridedShape* Shape;
        public float* X;
        public float* Y;
        public nint Blocks;
        public nint Units;
        public int Parts;
        public bool Accumulate;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            int inner = Shape->Loops - 1;
            nint length = Shape->Length(inner - 1);
            nint fromPitch = Shape->Stride(0, inner);
            nint toPitch = Shape->Stride(StridedShape.Full, inner - 1);
            nint unit = Share.Start(Units, item, Parts);
            nint end = Share.End(Units, item, Parts);
            (nint number, nint block) = Math.DivRem(unit, Blocks);
            StridedCursor cursor = new(Shape, 0, inner - 1, number);
            for (; unit < end; unit++)
            {
                nint first = block * TSimd.Width;
                float* from = X + cursor.Offset(0) + first;
                float* to = Y + cursor.Offset(StridedShape.Full) + (first * toPitch);
                Rows<TSimd, TVector>(from, fromPitch, to, toPitch, nint.Min(TSimd.Width, length - first), Shape->Length(inner));
                if (++block == Blocks)
                {
                    block = 0;
                    cursor.MoveNext();
                }
            }
        }

        // The element i of row j of the input goes to the element j of row i of the output.
        private readonly void Rows<TSimd, TVector>(float* from, nint fromPitch, float* to, nint toPitch, nint rows, nint columns)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint j = 0;
            if (rows == TSimd.Width && TSimd.Width > 1)
            {
                float* block = stackalloc float[TSimd.Width * TSimd.Width];
                for (; j <= columns - TSimd.Width; j += TSimd.Width)
                {
                    if (!Accumulate)
                    {
                        TSimd.Transpose(from + (j * fromPitch), fromPitch, to + j, toPitch);
                        continue;
                    }

                    TSimd.Transpose(from + (j * fromPitch), fromPitch, block, TSimd.Width);
                    for (nint i = 0; i < TSimd.Width; i++)
                    {
                        Accumulation.Put<TSimd, TVector>(to + (i * toPitch) + j, TSimd.Load(block + (i * TSimd.Width)), accumulate: true);
                    }
                }
            }

            for (nint i = 0; i < rows; i++)
            {
                for (nint k = j; k < columns; k++)
                {
                    float* y = to + (i * toPitch) + k;
                    float value = from[(k * fromPitch) + i];
                    *y = Accumulate ? *y + value : value;
                }
            }
        }
    }
}
