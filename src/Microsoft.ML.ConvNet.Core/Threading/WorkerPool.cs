using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Threading;

/// <summary>
/// The threads of the process that run kernels. A run takes as many idle workers as it may use, or as there are, and gives them
/// back at its end: many runs at once share the machine's cores instead of each bringing threads of its own.
/// </summary>
/// <param name="clock">Tells when scratch memory that many runs at once needed can go; the machine's where not given.</param>
internal sealed class WorkerPool(TimeProvider? clock = null)
{
    private readonly object _gate = new();
    private readonly Stack<Worker> _idle = new();
    private readonly IdlePool<WorkerGang> _gangs = new(clock ?? TimeProvider.System);
    private int _lent;
    private int _started;

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
        lock (_gate)
        {
            WorkerGang gang = _gangs.Take() ?? new WorkerGang(this);
            gang.IsLent = true;
            int limit = Math.Max(threads, Environment.ProcessorCount) - 1;
            while (gang.Workers.Count < threads - 1 && _lent < limit)
            {
                Worker worker = _idle.Count > 0 ? _idle.Pop() : new Worker(++_started);
                gang.Workers.Add(worker);
                worker.Join(gang, gang.Workers.Count);
                _lent++;
            }

            return gang;
        }
    }

    /// <summary>Frees the scratch memory of callers that nobody uses now.</summary>
    internal void FreeIdle() => _gangs.Clear();

    /// <summary>Takes a gang's workers back; a second time it does nothing.</summary>
    internal void Return(WorkerGang gang)
    {
        lock (_gate)
        {
            if (!gang.IsLent)
            {
                return;
            }

            gang.IsLent = false;
            for (int i = gang.Workers.Count - 1; i >= 0; i--)
            {
                _idle.Push(gang.Workers[i]);
                _lent--;
            }

            gang.Workers.Clear();
            _gangs.Return(gang);
        }
    }
}
