using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Losses;

/// <summary>A loss that is a mean over the elements of a row.</summary>
internal interface IRowLossTerm
{
    /// <summary>The loss of an element.</summary>
    TVector Loss<TSimd, TVector>(TVector x, TVector target)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;

    /// <summary>Its derivative by x.</summary>
    TVector Derivative<TSimd, TVector>(TVector x, TVector target)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>The loop of such losses over predictions and targets [rows, columns].</summary>
internal static unsafe class RowLoss<TTerm>
    where TTerm : unmanaged, IRowLossTerm
{
    /// <summary>loss[row] = the mean of the elements' losses; dx = their derivatives / columns * scale. Both may be null.</summary>
    public static void Run(
        WorkerGang gang, int rows, int columns, float* x, float* target, float* loss, float* dx, float scale, long workAnElement, TTerm term = default)
    {
        long work = (long)rows * columns * workAnElement;
        int parts = SimdLoop.Parts(gang, work, rows);
        Loop loop = new()
        {
            X = x,
            Target = target,
            Loss = loss,
            Dx = dx,
            Rows = rows,
            Columns = columns,
            Parts = parts,
            Scale = scale / columns,
            Term = term,
        };
        SimdLoop.For(gang, parts, &loop, work);
    }

    private struct Loop : ISimdTask
    {
        public float* X;
        public float* Target;
        public float* Loss;
        public float* Dx;
        public int Rows;
        public int Columns;
        public int Parts;
        public float Scale;
        public TTerm Term;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            int end = Share.End(Rows, item, Parts);
            for (int row = Share.Start(Rows, item, Parts); row < end; row++)
            {
                nint offset = (nint)row * Columns;
                if (Loss != null)
                {
                    Loss[row] = LossOfRow<TSimd, TVector>(X + offset, Target + offset) / Columns;
                }

                if (Dx != null)
                {
                    Gradient<TSimd, TVector>(X + offset, Target + offset, Dx + offset);
                }
            }
        }

        private readonly float LossOfRow<TSimd, TVector>(float* x, float* target)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector sum = TSimd.Zero;
            nint i = 0;
            for (; i <= Columns - TSimd.Width; i += TSimd.Width)
            {
                sum = TSimd.Add(sum, Term.Loss<TSimd, TVector>(TSimd.Load(x + i), TSimd.Load(target + i)));
            }

            nint rest = Columns - i;
            if (rest > 0)
            {
                TVector last = Term.Loss<TSimd, TVector>(TSimd.LoadPartial(x + i, rest), TSimd.LoadPartial(target + i, rest));
                sum = TSimd.Add(sum, TSimd.Select(TSimd.FirstLanes(rest), last, TSimd.Zero));
            }

            return TSimd.Sum(sum);
        }

        private readonly void Gradient<TSimd, TVector>(float* x, float* target, float* dx)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector scale = TSimd.Create(Scale);
            nint i = 0;
            for (; i <= Columns - TSimd.Width; i += TSimd.Width)
            {
                TVector derivative = Term.Derivative<TSimd, TVector>(TSimd.Load(x + i), TSimd.Load(target + i));
                TSimd.Store(dx + i, TSimd.Multiply(derivative, scale));
            }

            nint rest = Columns - i;
            if (rest > 0)
            {
                TVector derivative = Term.Derivative<TSimd, TVector>(
                    TSimd.LoadPartial(x + i, rest), TSimd.LoadPartial(target + i, rest));
                TSimd.StorePartial(dx + i, TSimd.Multiply(derivative, scale), rest);
            }
        }
    }
}
