using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Tensors;

/// <summary>Makes the native memory of the process countable.</summary>
internal static class NativeMemoryCount
{
    /// <summary>
    /// Frees what nothing refers to, and the scratch memory that runs on one thread left for the next one. What is held afterwards changes only
    /// through what a test does.
    /// </summary>
    public static void FreeWhatIsLeft()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        FreeIdle();
    }

    /// <summary>Frees the scratch memory that runs left for the next ones, and nothing else.</summary>
    public static void FreeIdle() => WorkerPool.Shared.FreeIdle();
}
