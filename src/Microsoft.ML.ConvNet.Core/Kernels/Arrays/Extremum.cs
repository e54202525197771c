using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>The largest or the smallest elements of a tensor over some of its loops; NaN where an element is.</summary>
internal static unsafe class Extremum
{
    /// <summary>Writes the extrema of x.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="shape">The loops over x, the batch included.</param>
    /// <param name="target">Receives the extrema.</param>
    /// <param name="x">The elements, which have the full shape.</param>
    /// <param name="isMaximum">Whether the largest are asked for.</param>
    public static void Run(WorkerGang gang, in StridedShape shape, Operand target, float* x, bool isMaximum)
    {
        StridedShape ordered = ReductionLoops.Order(shape, target.Number, out int kept);
        nint units = 1;
        for (int loop = 0; loop < kept; loop++)
        {
            units *= ordered.Length(loop);
        }

        long work = ordered.Count;
        int parts = SimdLoop.Parts(gang, work, units);
        ExtremumLoop body = new()
        {
            Shape = &ordered,
            Target = target,
            X = new Operand(x, StridedShape.Full),
            Kept = kept,
            Units = units,
            Parts = parts,
            IsMaximum = isMaximum,
        };
        SimdLoop.For(gang, parts, &body, work);
    }

    private struct ExtremumLoop : ISimdTask
    {
        public StridedShape* Shape;
        public Operand Target;
        public Operand X;
        public int Kept;
        public nint Units;
        public int Parts;
        public bool IsMaximum;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            int inner = Shape->Loops - 1;
            nint length = Shape->Length(inner);
            nint rows = ReductionLoops.Rows(Shape, Kept);
            bool isAcross = Shape->Stride(Target.Number, inner) == 0;
            nint unit = Share.Start(Units, item, Parts);
            nint end = Share.End(Units, item, Parts);
            StridedCursor outer = new(Shape, 0, Kept, unit);
            for (; unit < end; unit++, outer.MoveNext())
            {
                StridedCursor cursor = new(Shape, Kept, inner, 0);
                float* y = outer.At(Target);
                for (nint row = 0; row < rows; row++, cursor.MoveNext())
                {
                    float* x = outer.At(X) + cursor.Offset(X.Number);
                    if (isAcross)
                    {
                        float extremum = Across<TSimd, TVector>(x, length);
                        *y = row == 0 ? extremum : Further(*y, extremum);
                    }
                    else
                    {
                        Down<TSimd, TVector>(x, y, length, row == 0);
                    }
                }
            }
        }

        private readonly float Further(float left, float right) => IsMaximum ? MathF.Max(left, right) : MathF.Min(left, right);

        private readonly TVector Further<TSimd, TVector>(TVector left, TVector right)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct =>
            TSimd.Select(TSimd.IsNaN(left), left, IsMaximum ? TSimd.Max(left, right) : TSimd.Min(left, right));

        private readonly float Across<TSimd, TVector>(float* x, nint count)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            float extremum = *x;
            nint i = 0;
            if (count >= TSimd.Width)
            {
                TVector furthest = TSimd.Load(x);
                for (i = TSimd.Width; i <= count - TSimd.Width; i += TSimd.Width)
                {
                    furthest = Further<TSimd, TVector>(furthest, TSimd.Load(x + i));
                }

                float* lanes = stackalloc float[TSimd.Width];
                TSimd.Store(lanes, furthest);
                for (int lane = 0; lane < TSimd.Width; lane++)
                {
                    extremum = Further(extremum, lanes[lane]);
                }
            }

            for (; i < count; i++)
            {
                extremum = Further(extremum, x[i]);
            }

            return extremum;
        }

        private readonly void Down<TSimd, TVector>(float* x, float* y, nint count, bool isFirst)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint i = 0;
            for (; i <= count - TSimd.Width; i += TSimd.Width)
            {
                TVector value = TSimd.Load(x + i);
                TSimd.Store(y + i, isFirst ? value : Further<TSimd, TVector>(TSimd.Load(y + i), value));
            }

            if (i < count)
            {
                TVector value = TSimd.LoadPartial(x + i, count - i);
                TVector result = isFirst ? value : Further<TSimd, TVector>(TSimd.LoadPartial(y + i, count - i), value);
                TSimd.StorePartial(y + i, result, count - i);
            }
        }
    }
}
