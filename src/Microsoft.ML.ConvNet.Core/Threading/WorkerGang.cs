using System.Runtime.ExceptionServices;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Threading;

/// <summary>
/// The threads that work together on one run of a plan: the caller and the workers lent to it by <see cref="WorkerPool"/>. A loop
/// is divided evenly and statically into shares: share t of T are the items from t n / T to (t + 1) n / T. The caller runs the shares of
/// workers that have not begun theirs when it has finished its own.
/// </summary>
/// <remarks>To be used by one thread at a time; disposing of it gives the workers back.</remarks>
internal sealed unsafe class WorkerGang : IDisposable, IPooledMemory
{
    private readonly WorkerPool _pool;
    private readonly List<Worker> _workers = [];
    private NativeBuffer? _scratch;
    private delegate*<void*, int, void*, void> _body;
    private void* _state;
    private int _count;
    private readonly Gate _gate = new();
    private ExceptionDispatchInfo? _failure;
    private int _failedMember;

    internal WorkerGang(WorkerPool pool)
    {
        _pool = pool;
    }

    /// <summary>The number of threads, the caller included.</summary>
    public int Size => _workers.Count + 1;

    int IPooledMemory.Capacity => 0;

    long IPooledMemory.Bytes => (long)(_scratch?.Length ?? 0);

    /// <summary>Whether someone works with this gang now.</summary>
    internal bool IsLent { get; set; }

    /// <summary>The workers lent to this gang.</summary>
    internal List<Worker> Workers => _workers;

    /// <summary>
    /// Runs <c>body(state, item, scratch)</c> for every item from 0 to <paramref name="count"/> - 1, each once, on any thread in any
    /// order, and returns when all are done, whatever happens: the workers write to the caller's memory until then. Scratch is memory of
    /// the running thread alone, of at least the reserved size. Of several items that throw, the first in their order is the one that is told: a member's
    /// share ends there, and the shares of others are run to their ends.
    /// </summary>
    /// <exception cref="ThreadInterruptedException">The caller was interrupted meanwhile; all items were run.</exception>
    public void For(int count, delegate*<void*, int, void*, void> body, void* state)
    {
        if (count <= 1 || _workers.Count == 0)
        {
            ForAlone(count, body, state);
            return;
        }

        _body = body;
        _state = state;
        _count = count;
        foreach (Worker worker in _workers)
        {
            worker.Order();
        }

        RunShare(0, _scratch);
        bool isInterrupted = false;
        for (int i = 0; i < _workers.Count; i++)
        {
            Worker worker = _workers[i];
            if (worker.TakeBack())
            {
                RunShare(i + 1, _scratch);
                continue;
            }

            isInterrupted |= AwaitUninterrupted(worker);
        }

        Deliver(isInterrupted);
    }

    /// <summary>The same on the calling thread: for loops whose work is not worth waking the others.</summary>
    public void ForAlone(int count, delegate*<void*, int, void*, void> body, void* state)
    {
        void* scratch = _scratch == null ? null : _scratch.Pointer;
        for (int item = 0; item < count; item++)
        {
            body(state, item, scratch);
        }
    }

    /// <summary>Makes sure that every thread's scratch memory has at least the given size.</summary>
    public void ReserveScratch(nuint bytesPerThread)
    {
        if (bytesPerThread == 0)
        {
            return;
        }

        _scratch = Grown(_scratch, bytesPerThread);
        foreach (Worker worker in _workers)
        {
            worker.Scratch = Grown(worker.Scratch, bytesPerThread);
        }
    }

    /// <summary>Gives the workers back to the pool.</summary>
    public void Dispose() => _pool.Return(this);

    void IPooledMemory.Free()
    {
        _scratch?.Dispose();
        _scratch = null;
    }

    /// <summary>Runs one member's share of the present loop.</summary>
    internal void RunShare(int member, NativeBuffer? memory)
    {
        try
        {
            void* scratch = memory == null ? null : memory.Pointer;
            int from = Share.Start(_count, member, Size);
            int to = Share.End(_count, member, Size);
            for (int item = from; item < to; item++)
            {
                _body(_state, item, scratch);
            }
        }
#pragma warning disable CA1031 // Whatever a body throws is thrown again by the thread that called For.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Keep(member, exception);
        }
    }

    // Shares follow one another in the order of the members.
    private void Keep(int member, Exception exception)
    {
        using Gate.Passage passage = _gate.Enter();
        if (_failure == null || member < _failedMember)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
            _failedMember = member;
        }
    }

    /// <summary>Waits until a worker is done, whoever interrupts the thread.</summary>
    /// <returns>Whether it was interrupted.</returns>
    private static bool AwaitUninterrupted(Worker worker)
    {
        bool isInterrupted = false;
        SpinWait spin = default;
        while (!worker.IsDone)
        {
            try
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        }

        return isInterrupted;
    }

    /// <summary>Throws what an item threw, or that the caller was interrupted, when all is done.</summary>
    private void Deliver(bool isInterrupted)
    {
        if (_failure is { } failure)
        {
            _failure = null;
            if (isInterrupted)
            {
                Thread.CurrentThread.Interrupt();
            }

            failure.Throw();
        }

        if (isInterrupted)
        {
            throw new ThreadInterruptedException();
        }
    }

    private static NativeBuffer Grown(NativeBuffer? buffer, nuint length)
    {
        if (buffer != null && buffer.Length >= length)
        {
            return buffer;
        }

        NativeBuffer grown = new(length);
        buffer?.Dispose();
        return grown;
    }
}
