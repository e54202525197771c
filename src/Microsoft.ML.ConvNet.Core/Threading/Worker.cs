using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Threading;

/// <summary>
/// One thread of the pool. It waits for work by looking for it for a short while, since the next kernel of a plan follows within
/// microseconds, and then sleeps until it is woken. An order that it has not begun can be taken back, so that a worker which is slow to
/// wake, or has no core to run on, holds nobody up.
/// </summary>
internal sealed class Worker
{
    private const int LooksBeforeSleep = 2000;
    private const int PausesPerLook = 8;

    private const int Idle = 0;
    private const int Ordered = 1;
    private const int Running = 2;

    private readonly object _sleep = new();
    private WorkerGang? _gang;
    private int _member;
    private int _state;
    private int _asleep;

    /// <summary>Starts the thread.</summary>
    public Worker(int number)
    {
        // Without the context of the thread that happens to ask first: the worker outlives it and works for others.
        new Thread(Loop) { IsBackground = true, Name = $"ConvNet worker {number}" }.UnsafeStart();
    }

    /// <summary>Memory for this thread alone; grown by the gang that it works for, while it waits.</summary>
    public NativeBuffer? Scratch { get; set; }

    /// <summary>Whether the last order is carried out or was taken back.</summary>
    public bool IsDone => Volatile.Read(ref _state) == Idle;

    /// <summary>Joins a gang as its member of the given number; called while the worker waits.</summary>
    public void Join(WorkerGang gang, int member)
    {
        _gang = gang;
        _member = member;
    }

    /// <summary>Lets the worker run its share of the gang's present loop.</summary>
    public void Order()
    {
        Interlocked.Exchange(ref _state, Ordered);
        if (Volatile.Read(ref _asleep) != 0)
        {
            lock (_sleep)
            {
                Monitor.Pulse(_sleep);
            }
        }
    }

    /// <summary>Takes the last order back, unless the worker has begun it.</summary>
    /// <returns>Whether it was taken back: the caller then runs that share.</returns>
    public bool TakeBack() => Interlocked.CompareExchange(ref _state, Idle, Ordered) == Ordered;

    private void Loop()
    {
        while (true)
        {
            Await();
            if (Interlocked.CompareExchange(ref _state, Running, Ordered) == Ordered)
            {
                _gang!.RunShare(_member, Scratch);
                Volatile.Write(ref _state, Idle);
            }
        }
    }

    private void Await()
    {
        for (int look = 0; look < LooksBeforeSleep; look++)
        {
            if (Volatile.Read(ref _state) == Ordered)
            {
                return;
            }

            Thread.SpinWait(PausesPerLook);
        }

        lock (_sleep)
        {
            Interlocked.Exchange(ref _asleep, 1);
            while (Volatile.Read(ref _state) != Ordered)
            {
                Monitor.Wait(_sleep);
            }

            Volatile.Write(ref _asleep, 0);
        }
    }
}
