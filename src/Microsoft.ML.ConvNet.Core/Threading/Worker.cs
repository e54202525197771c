using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Threading;

/// <summary>
/// One thread of the pool. It waits for work by looking for it for a short while, since the next kernel of a plan follows within
/// microseconds, and then sleeps until it is woken. An order that it has not begun can be taken back, so that a worker which is slow to
/// wake, or has no core to run on, holds nobody up. Who interrupts the thread, from within what it runs, does not end it.
/// </summary>
internal sealed class Worker : IPooledMemory
{
    private const int LooksBeforeSleep = 2000;
    private const int PausesPerLook = 8;

    private const int Idle = 0;
    private const int Ordered = 1;
    private const int Running = 2;
    private const int Ended = 3;

    private readonly Gate _sleep = new();
    private WorkerGang? _gang;
    private int _member;
    private int _state;
    private int _asleep;

    /// <summary>Starts the thread.</summary>
    /// <exception cref="OutOfMemoryException">The system lets no more threads start.</exception>
    public Worker(int number)
    {
        Thread = new Thread(Loop) { IsBackground = true, Name = Invariant($"ConvNet worker {number}") };
        // Without the context of the thread that happens to ask first: the worker outlives it and works for others.
        Thread.UnsafeStart();
    }

    /// <summary>The thread.</summary>
    public Thread Thread { get; }

    /// <summary>Memory for this thread alone; grown by the gang that it works for, while it waits.</summary>
    public NativeBuffer? Scratch { get; set; }

    /// <summary>Whether the last order is carried out or was taken back.</summary>
    public bool IsDone => Volatile.Read(ref _state) == Idle;

    int IPooledMemory.Capacity => 0;

    long IPooledMemory.Bytes => (long)(Scratch?.Length ?? 0);

    /// <summary>Joins a gang as its member of the given number; called while the worker waits.</summary>
    public void Join(WorkerGang gang, int member)
    {
        _gang = gang;
        _member = member;
    }

    /// <summary>Lets the worker run its share of the gang's present loop.</summary>
    public void Order() => Tell(Ordered);

    /// <summary>Takes the last order back, unless the worker has begun it.</summary>
    /// <returns>Whether it was taken back: the caller then runs that share.</returns>
    public bool TakeBack() => Interlocked.CompareExchange(ref _state, Idle, Ordered) == Ordered;

    /// <summary>Ends the thread, which waits, and frees its memory.</summary>
    void IPooledMemory.Free()
    {
        Scratch?.Dispose();
        Scratch = null;
        Tell(Ended);
    }

    private void Tell(int state)
    {
        Interlocked.Exchange(ref _state, state);
        if (Volatile.Read(ref _asleep) != 0)
        {
            using Gate.Passage passage = _sleep.Enter();
            passage.Pulse();
        }
    }

    private void Loop()
    {
        while (Await())
        {
            if (Interlocked.CompareExchange(ref _state, Running, Ordered) == Ordered)
            {
                _gang!.RunShare(_member, Scratch);
                Volatile.Write(ref _state, Idle);
            }
        }
    }

    /// <summary>Waits for an order.</summary>
    /// <returns>False where the thread is to end.</returns>
    private bool Await()
    {
        for (int look = 0; look < LooksBeforeSleep; look++)
        {
            if (Volatile.Read(ref _state) is Ordered or Ended)
            {
                return Volatile.Read(ref _state) != Ended;
            }

            Thread.SpinWait(PausesPerLook);
        }

        Gate.Passage passage = _sleep.Enter();
        try
        {
            Interlocked.Exchange(ref _asleep, 1);
            while (Volatile.Read(ref _state) is not (Ordered or Ended))
            {
                passage.Wait();
            }

            Volatile.Write(ref _asleep, 0);
        }
        finally
        {
            // Else it would reach what the next caller gives the worker to do.
            passage.Forget();
            passage.Dispose();
        }

        return Volatile.Read(ref _state) != Ended;
    }
}
