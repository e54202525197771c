using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels;

/// <summary>Runs a kernel at several thread counts and asserts that its results have the same bits.</summary>
internal static class ThreadCounts
{
    private static readonly int[] Counts = [1, 2, 4];

    /// <summary>Runs with one thread.</summary>
    public static void Single(Action<WorkerGang> run)
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        run(gang);
    }

    /// <summary>Gives the results of one thread, after asserting that those of 2 and 4 threads are the same.</summary>
    public static float[] SameBits(string what, Func<WorkerGang, float[]> run)
    {
        float[]? first = null;
        foreach (int count in Counts)
        {
            using WorkerGang gang = WorkerPool.Shared.Lease(count);
            float[] result = run(gang);
            if (first == null)
            {
                first = result;
                continue;
            }

            for (int i = 0; i < first.Length; i++)
            {
                if (BitConverter.SingleToInt32Bits(first[i]) != BitConverter.SingleToInt32Bits(result[i]))
                {
                    Assert.Fail($"{what}: element {i} is {first[i]:R} with 1 thread and {result[i]:R} with {count}.");
                }
            }
        }

        return first!;
    }
}
