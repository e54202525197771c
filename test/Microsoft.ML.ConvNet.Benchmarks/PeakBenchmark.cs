using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Benchmarks;

/// <summary>
/// The rate at which the machine multiplies and adds in registers: independent chains of the vector tier's multiply-add, with no access
/// to memory. Other work on the machine and its clock change the rate, so it is measured again and again between other measurements.
/// </summary>
internal static unsafe class PeakBenchmark
{
    private const int Chains = 12;
    private const int Steps = 200_000;

    /// <summary>Prints the best rate of one thread and of all.</summary>
    public static void Print()
    {
        Console.WriteLine($"tier {SimdTier.Name}, {Environment.ProcessorCount} cores");
        for (int threads = 1; threads <= Environment.ProcessorCount; threads++)
        {
            using WorkerGang gang = WorkerPool.Shared.Lease(threads);
            double best = Enumerable.Range(0, 60).Max(_ => Measure(gang));
            Console.WriteLine($"{threads} thread(s): {best:F1} GFLOP/s");
        }
    }

    /// <summary>GFLOP/s of all threads of the gang in one short run.</summary>
    public static double Measure(WorkerGang gang)
    {
        long start = Stopwatch.GetTimestamp();
        MultiplyTask task = default;
        SimdLoop.For(gang, gang.Size, &task);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return 2.0 * gang.Size * Steps * Chains * SimdTier.Width / seconds / 1e9;
    }

    private readonly struct MultiplyTask : ISimdTask
    {
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            if (float.IsNaN(Chain<TSimd, TVector>()))
            {
                throw new InvalidOperationException("The multiply-add chains overflowed.");
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector factor = TSimd.Create(0.5f);
        TVector one = TSimd.Create(1f);
        TVector a = one, b = one, c = one, d = one, e = one, f = one, g = one, h = one, i = one, j = one, k = one, l = one;
        for (int step = 0; step < Steps; step++)
        {
            a = TSimd.MultiplyAdd(a, factor, one);
            b = TSimd.MultiplyAdd(b, factor, one);
            c = TSimd.MultiplyAdd(c, factor, one);
            d = TSimd.MultiplyAdd(d, factor, one);
            e = TSimd.MultiplyAdd(e, factor, one);
            f = TSimd.MultiplyAdd(f, factor, one);
            g = TSimd.MultiplyAdd(g, factor, one);
            h = TSimd.MultiplyAdd(h, factor, one);
            i = TSimd.MultiplyAdd(i, factor, one);
            j = TSimd.MultiplyAdd(j, factor, one);
            k = TSimd.MultiplyAdd(k, factor, one);
            l = TSimd.MultiplyAdd(l, factor, one);
        }

        TVector sum = TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(TSimd.Add(e, f), TSimd.Add(g, h)));
        return TSimd.Sum(TSimd.Add(sum, TSimd.Add(TSimd.Add(i, j), TSimd.Add(k, l))));
    }
}
