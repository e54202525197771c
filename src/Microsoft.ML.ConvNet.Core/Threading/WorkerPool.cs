using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Threading;

/// <summary>
/// The threads of the process that run kernels. A run takes as many idle workers as it may use, or as there are, and gives them
/// back at its end: many runs at once share the machine's cores instead of each bringing threads of its own.
/// </summary>
/// <remarks>
/// A thread that nobody needed for half a minute ends. Where the system lets no more threads start, a run goes on with those there are.
/// </remarks>
/// <param name="clock">Tells when threads, and scratch memory that many runs at once needed, can go; the machine's where not given.</param>
/// <param name="start">Starts the worker of a number; a thread where not given.</param>
internal sealed class WorkerPool(TimeProvider? clock = null, Func<int, Worker>? start = null)
{
    /// <summary>How long a thread waits for work before it ends.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // A system that let no thread start lets none start a moment later.
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Gate _gate = new();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly IdlePool<Worker> _idle = new(clock ?? TimeProvider.System, Patience);
    private readonly IdlePool<WorkerGang> _gangs = new(clock ?? TimeProvider.System);
    private int _lent;
    private int _started;
    private long? _lastFailure;

    /// <summary>The pool of the process.</summary>
    public static WorkerPool Shared { get; } = new();

    /// <summary>Bytes of the scratch memory of callers that nobody uses now.</summary>
    internal long IdleBytes => _gangs.IdleBytes;

    /// <summary>The number of threads that a request for <paramref name="numberOfThreads"/> means; 0 means one a core.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative or over 1024.</exception>
    public static int ThreadCount(int numberOfThreads)
    {
        if (numberOfThreads is < 0 or > 1024)
        {
            throw new ArgumentOutOfRangeException(
                nameof(numberOfThreads), numberOfThreads, "The number of threads is from 1 to 1024, or 0 for one a core.");
        }

        return numberOfThreads == 0 ? Environment.ProcessorCount : numberOfThreads;
    }

    /// <summary>
    /// Forms a gang of the calling thread and at most <paramref name="requested"/> - 1 idle workers. Fewer join when other runs use
    /// them; what is computed does not depend on how many do.
    /// </summary>
    public WorkerGang Lease(int requested)
    {
        int threads = ThreadCount(requested);
        using (_gate.Enter())
        {
            WorkerGang gang = _gangs.Take() ?? new WorkerGang(this);
            gang.IsLent = true;
            try
            {
                int limit = Math.Max(threads, Environment.ProcessorCount) - 1;
                while (gang.Workers.Count < threads - 1 && _lent < limit)
                {
                    // Memory may be short: before the worker is taken, so that it is not lost.
                    gang.Workers.EnsureCapacity(gang.Workers.Count + 1);
                    if ((_idle.Take() ?? Start()) is not { } worker)
                    {
                        break;
                    }

                    gang.Workers.Add(worker);
                    worker.Join(gang, gang.Workers.Count);
                    _lent++;
                }
            }
            catch
            {
                Return(gang);
                throw;
            }

            return gang;
        }
    }

    /// <summary>Frees the scratch memory of callers that nobody uses now, and ends the threads without work.</summary>
    internal void FreeIdle()
    {
        _gangs.Clear();
        _idle.Clear();
    }

    /// <summary>Takes a gang's workers back; a second time it does nothing.</summary>
    internal void Return(WorkerGang gang)
    {
        using (_gate.Enter())
        {
            if (!gang.IsLent)
            {
                return;
            }

            gang.IsLent = false;
            for (int i = gang.Workers.Count - 1; i >= 0; i--)
            {
                _idle.Return(gang.Workers[i]);
                _lent--;
            }

            gang.Workers.Clear();
            _gangs.Return(gang);
        }
    }

    /// <summary>Starts a worker; null where the system lets no more threads start.</summary>
    private Worker? Start()
    {
        if (_lastFailure is { } failure && _clock.GetElapsedTime(failure) < RestAfterFailure)
        {
            return null;
        }

        try
        {
            Worker worker = start == null ? new Worker(_started + 1) : start(_started + 1);
            _started++;
            return worker;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            // What the system says where a limit to threads, or the address space for their stacks, is reached.
            _lastFailure = _clock.GetTimestamp();
            return null;
        }
    }
}
