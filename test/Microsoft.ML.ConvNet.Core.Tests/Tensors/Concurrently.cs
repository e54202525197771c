using System.Collections.Concurrent;

namespace Microsoft.ML.ConvNet.Core.Tests.Tensors;

/// <summary>Threads of their own that do something at once: none waits for a place in a pool.</summary>
internal static class Concurrently
{
    /// <summary>Runs something on many threads, which begin together, and throws again what one of them threw.</summary>
    /// <param name="threads">The number of threads.</param>
    /// <param name="action">What each does; it is given the thread's number.</param>
    public static void Run(int threads, Action<int> action)
    {
        using Barrier start = new(threads);
        ConcurrentQueue<Exception> faults = [];
        Thread[] all =
        [
            .. Enumerable.Range(0, threads).Select(number => new Thread(
                () =>
                {
                    start.SignalAndWait();
                    try
                    {
                        action(number);
                    }
#pragma warning disable CA1031 // Whatever a thread throws is thrown again by the one that waits for all.
                    catch (Exception exception)
#pragma warning restore CA1031
                    {
                        faults.Enqueue(exception);
                    }
                },
                maxStackSize: 512 * 1024)),
        ];
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());
        if (!faults.IsEmpty)
        {
            throw new AggregateException(faults);
        }
    }
}
