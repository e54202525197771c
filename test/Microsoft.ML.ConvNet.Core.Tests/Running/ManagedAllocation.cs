namespace Microsoft.ML.ConvNet.Core.Tests.Running;

/// <summary>Bytes that all threads of the process allocate on the managed heap.</summary>
internal static class ManagedAllocation
{
    private const int WarmUps = 60;
    private const int Windows = 300;
    private const int CallsPerWindow = 4;

    /// <summary>
    /// Demands that calls, once warm, allocate nothing on any thread. What something else in the process allocates now and then, such as the
    /// compiler of hot code, falls into some windows of calls; what a call allocates falls into all of them.
    /// </summary>
    public static void AssertNone(Action call, string what)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            call();
        }

        long least = long.MaxValue;
        long leastHere = long.MaxValue;
        for (int window = 0; window < Windows && least > 0; window++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            long beforeHere = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < CallsPerWindow; i++)
            {
                call();
            }

            long here = GC.GetAllocatedBytesForCurrentThread() - beforeHere;
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            leastHere = Math.Min(leastHere, here);
        }

        Assert.AreEqual((0L, 0L), (leastHere, least), $"{what}: bytes that {CallsPerWindow} calls allocate at least, here and on all threads.");
    }
}
