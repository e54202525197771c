using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Layout;

/// <summary>
/// Tensors whose elements are picked from another by lists of positions, as an <see cref="IndexingPlan"/> says: slices, padding, gathering.
/// </summary>
internal static unsafe class Indexing
{
    /// <summary>Writes y: of each position that the plan names the element of x, elsewhere the value.</summary>
    public static void Forward(WorkerGang gang, IndexingPlan plan, int batch, float* x, float* y, float value)
    {
        nint rows = (nint)batch * plan.OutputRows;
        long work = 2 * rows * plan.OutputRowLength;
        int parts = SimdLoop.Parts(gang, work, rows);
        fixed (int* rowOf = plan.InputRowOfOutput)
        fixed (IndexingRun* runs = plan.Runs)
        {
            ForwardLoop loop = new()
            {
                X = x,
                Y = y,
                Rows = rows,
                Parts = parts,
                RowOf = rowOf,
                Runs = runs,
                RunCount = plan.Runs.Length,
                InputRows = plan.InputRows,
                OutputRows = plan.OutputRows,
                InputRowLength = plan.InputRowLength,
                OutputRowLength = plan.OutputRowLength,
                Value = value,
            };
            SimdLoop.For(gang, parts, &loop, work);
        }
    }

    /// <summary>dx = the sum of dy over the positions at which each element was picked, or dx += it.</summary>
    public static void Backward(WorkerGang gang, IndexingPlan plan, int batch, float* dy, float* dx, bool accumulate)
    {
        nint rows = (nint)batch * plan.InputRows;
        long work = 2L * batch * ((plan.InputRows * plan.InputRowLength) + (plan.OutputRows * plan.OutputRowLength));
        int parts = SimdLoop.Parts(gang, work, rows);
        fixed (int* starts = plan.OutputRowStarts)
        fixed (int* rowsOf = plan.OutputRowsOfInput)
        fixed (IndexingRun* runs = plan.Runs)
        {
            BackwardLoop loop = new()
            {
                Gradient = dy,
                X = dx,
                Rows = rows,
                Parts = parts,
                Starts = starts,
                RowsOf = rowsOf,
                Runs = runs,
                RunCount = plan.Runs.Length,
                InputRows = plan.InputRows,
                OutputRows = plan.OutputRows,
                InputRowLength = plan.InputRowLength,
                OutputRowLength = plan.OutputRowLength,
                Accumulate = accumulate,
            };
            SimdLoop.For(gang, parts, &loop, work);
        }
    }

    private struct ForwardLoop : ISimdTask
    {
        public float* X;
        public float* Y;
        public nint Rows;
        public int Parts;
        public int* RowOf;
        public IndexingRun* Runs;
        public int RunCount;
        public nint InputRows;
        public nint OutputRows;
        public nint InputRowLength;
        public nint OutputRowLength;
        public float Value;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector value = TSimd.Create(Value);
            nint end = Share.End(Rows, item, Parts);
            for (nint row = Share.Start(Rows, item, Parts); row < end; row++)
            {
                (nint sample, nint at) = Math.DivRem(row, OutputRows);
                nint from = RowOf == null ? at : RowOf[at];
                float* x = X + (((sample * InputRows) + from) * InputRowLength);
                float* y = Y + (row * OutputRowLength);
                if (from < 0)
                {
                    Fill<TSimd, TVector>(y, value, OutputRowLength);
                    continue;
                }

                for (int i = 0; i < RunCount; i++)
                {
                    IndexingRun run = Runs[i];
                    if (run.From < 0)
                    {
                        Fill<TSimd, TVector>(y + run.To, value, run.Length);
                    }
                    else
                    {
                        Put<TSimd, TVector>(x + run.From, y + run.To, run.Length, accumulate: false);
                    }
                }
            }
        }
    }

    private struct BackwardLoop : ISimdTask
    {
        public float* Gradient;
        public float* X;
        public nint Rows;
        public int Parts;
        public int* Starts;
        public int* RowsOf;
        public IndexingRun* Runs;
        public int RunCount;
        public nint InputRows;
        public nint OutputRows;
        public nint InputRowLength;
        public nint OutputRowLength;
        public bool Accumulate;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint end = Share.End(Rows, item, Parts);
            for (nint row = Share.Start(Rows, item, Parts); row < end; row++)
            {
                (nint sample, nint at) = Math.DivRem(row, InputRows);
                float* dx = X + (row * InputRowLength);
                if (!Accumulate)
                {
                    Fill<TSimd, TVector>(dx, TSimd.Zero, InputRowLength);
                }

                nint first = Starts == null ? at : Starts[at];
                nint last = Starts == null ? at + 1 : Starts[at + 1];
                for (nint k = first; k < last; k++)
                {
                    nint output = Starts == null ? k : RowsOf[k];
                    float* dy = Gradient + (((sample * OutputRows) + output) * OutputRowLength);
                    for (int i = 0; i < RunCount; i++)
                    {
                        if (Runs[i].From >= 0)
                        {
                            Put<TSimd, TVector>(dy + Runs[i].To, dx + Runs[i].From, Runs[i].Length, accumulate: true);
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TSimd, TVector>(float* from, float* to, nint count, bool accumulate)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
        {
            Accumulation.Put<TSimd, TVector>(to + i, TSimd.Load(from + i), accumulate);
        }

        if (i < count)
        {
            Accumulation.PutPartial<TSimd, TVector>(to + i, TSimd.LoadPartial(from + i, count - i), count - i, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fill<TSimd, TVector>(float* to, TVector value, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
        {
            TSimd.Store(to + i, value);
        }

        if (i < count)
        {
            TSimd.StorePartial(to + i, value, count - i);
        }
    }
}
