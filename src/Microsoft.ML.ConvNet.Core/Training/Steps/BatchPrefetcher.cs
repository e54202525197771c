using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Steps;

/// <summary>
/// Reads the batches of a training ahead, on a thread of its own, while the network learns from those before: a few of them, in the order in
/// which they are taken, through the end of an epoch into the next. Who takes a batch that is not read yet joins in with his threads, so that
/// neither waits while there is something to read. What a batch holds does not depend on who read it, nor on when.
/// </summary>
internal sealed unsafe class BatchPrefetcher : IDisposable
{
    // Samples are taken a run at a time: small ones are read in less time than it takes to agree on who reads them.
    private const int ElementsOfRun = 8192;
    private const int LongestRun = 16;

    private readonly EpochBatches _batches;
    private readonly BatchOrder _order;
    private readonly bool _shuffles;
    private readonly int _epochs;
    private readonly int _run;
    private readonly Slot[] _slots;
    private readonly Gate _gate = new();
    private Thread? _thread;
    private readonly CancellationToken _cancellation;
    private volatile bool _isStopped;

    // Of all batches in the order of the training: how many were begun, and how many taken. Those between lie in the slots.
    private long _begun;
    private long _taken;
    private int _epoch;
    private int _batch;

    /// <summary>Takes the memory for the batches that are ahead.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="options">How many batches are read ahead, the seed of their order, the epochs, and what ends the training.</param>
    /// <param name="batches">How an epoch is divided.</param>
    /// <param name="mixing">What samples are mixed with; null for nothing.</param>
    public BatchPrefetcher(ImageDataset dataset, TrainingOptions options, EpochBatches batches, SampleMixing? mixing)
    {
        _batches = batches;
        _order = new BatchOrder(dataset.Count, options.Seed);
        _shuffles = options.Shuffle;
        _epochs = options.Epochs;
        _run = Math.Clamp(ElementsOfRun / dataset.Shape.ElementCount, 1, LongestRun);
        _cancellation = options.CancellationToken;
        _slots = new Slot[options.BatchesAhead];
        try
        {
            for (int i = 0; i < _slots.Length; i++)
            {
                _slots[i] = new Slot(dataset, batches.Largest, HeadSettings.HaveClassesOnly(options), mixing);
            }
        }
        catch
        {
            FreeSlots();
            throw;
        }
    }

    /// <summary>Takes the next batch; it stays as it is until <see cref="Release"/>.</summary>
    /// <param name="epoch">The epoch, from 0; the first call says where the training begins.</param>
    /// <param name="batch">The batch of the epoch; the one behind that of the last call.</param>
    /// <param name="gang">Threads that read what is not read yet.</param>
    /// <returns>Its samples and target values; null where the training was cancelled before they were read.</returns>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public Slot? Take(int epoch, int batch, WorkerGang gang)
    {
        if (_thread is null)
        {
            (_epoch, _batch) = (epoch, batch);
            Start();
        }

        Slot slot = Next(out bool isRead);
        if (slot.Epoch != epoch || slot.Batch != batch)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"Batches that are read ahead are taken in turn: batch {slot.Batch} of epoch {slot.Epoch}. Received: batch {batch} of epoch {epoch}."));
        }

        if (!isRead)
        {
            GCHandle self = GCHandle.Alloc(this);
            try
            {
                gang.For(gang.Size, &ReadFirst, (void*)GCHandle.ToIntPtr(self));
            }
            finally
            {
                self.Free();
            }

            if (!Await(slot))
            {
                return null;
            }
        }

        slot.Reader.RequireSound();
        return slot;
    }

    /// <summary>Gives the memory of the batch that was taken for another one.</summary>
    public void Release()
    {
        using Gate.Passage passage = _gate.Enter();
        _taken++;
        passage.Pulse();
    }

    /// <summary>Ends the thread, when it has read the samples at which it is, and frees the memory.</summary>
    public void Dispose()
    {
        using (Gate.Passage passage = _gate.Enter())
        {
            _isStopped = true;
            passage.Pulse();
        }

        if (_thread is { IsAlive: true } thread)
        {
            Gate.RunUninterrupted(static reader => reader.Join(), thread);
        }

        FreeSlots();
    }

    private static void ReadFirst(void* state, int item, void* scratch)
    {
        BatchPrefetcher prefetcher = (BatchPrefetcher)GCHandle.FromIntPtr((nint)state).Target!;
        while (prefetcher.Claim(out Slot? slot, out int from, out int to, isFirst: true) && prefetcher.Read(slot!, from, to))
        {
        }
    }

    // Where the system lets no more threads start, who takes the batches reads them.
    private void Start()
    {
        _thread = new Thread(ReadAhead) { IsBackground = true, Name = "ConvNet reader" };
        try
        {
            _thread.UnsafeStart();
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            // Nothing is left to be done without it.
        }
    }

    private void ReadAhead()
    {
        while (Claim(out Slot? slot, out int from, out int to, isFirst: false) && Read(slot!, from, to))
        {
        }
    }

    /// <summary>Reads samples.</summary>
    /// <returns>False where nobody wants them any more.</returns>
    private bool Read(Slot slot, int from, int to)
    {
        int item = from;
        while (item < to && !_cancellation.IsCancellationRequested && !_isStopped)
        {
            slot.Reader.ReadSample(item++);
        }

        using Gate.Passage passage = _gate.Enter();
        slot.Read += item - from;
        if (slot.IsRead || item < to)
        {
            passage.Pulse();
        }

        return item == to;
    }

    /// <summary>Takes samples to read: of the first batch, or, for who reads ahead, of the first batch that has some, as soon as there is one.</summary>
    private bool Claim(out Slot? slot, out int from, out int to, bool isFirst)
    {
        Gate.Passage passage = _gate.Enter();
        try
        {
            while (isFirst || !_isStopped)
            {
                for (long number = _taken; number < (isFirst ? _taken + 1 : _begun); number++)
                {
                    slot = _slots[number % _slots.Length];
                    if (slot.Claimed < slot.Reader.Length)
                    {
                        from = slot.Claimed;
                        to = Math.Min(from + _run, slot.Reader.Length);
                        slot.Claimed = to;
                        return true;
                    }
                }

                if (isFirst)
                {
                    break;
                }

                if (!TryBegin())
                {
                    passage.Wait();
                }
            }
        }
        finally
        {
            if (!isFirst)
            {
                // Nobody has a reason to interrupt a thread of this house.
                passage.Forget();
            }

            passage.Dispose();
        }

        (slot, from, to) = (null, 0, 0);
        return false;
    }

    private Slot Next(out bool isRead)
    {
        using Gate.Passage passage = _gate.Enter();
        if (_begun == _taken)
        {
            _ = TryBegin();
        }

        Slot slot = _slots[_taken % _slots.Length];
        isRead = slot.IsRead;
        return slot;
    }

    /// <summary>Waits until others have read what they took of a batch.</summary>
    /// <returns>False where the training was cancelled before.</returns>
    private bool Await(Slot slot)
    {
        Gate.Passage passage = _gate.Enter();
        try
        {
            while (!slot.IsRead && !_cancellation.IsCancellationRequested)
            {
                passage.Wait();
            }

            return slot.IsRead;
        }
        finally
        {
            passage.Dispose();
        }
    }

    /// <summary>Turns to the next batch; false where there is none, or no room for it.</summary>
    private bool TryBegin()
    {
        if (_epoch >= _epochs || _begun - _taken == _slots.Length)
        {
            return false;
        }

        _order.TurnTo(_epoch, _shuffles);
        (int first, int length) = _batches[_batch];
        _slots[_begun % _slots.Length].Begin(_epoch, _batch, _order.Indices.Slice(first, length));
        _begun++;
        _batch++;
        if (_batch == _batches.Count)
        {
            _batch = 0;
            _epoch++;
        }

        return true;
    }

    private void FreeSlots()
    {
        foreach (Slot? slot in _slots)
        {
            slot?.Dispose();
        }
    }

    /// <summary>A batch that is read ahead, and its memory.</summary>
    internal sealed class Slot : IDisposable
    {
        private readonly NativeBuffer _inputs;
        private readonly NativeBuffer? _targets;

        public Slot(ImageDataset dataset, int maximumBatch, bool targetsAreClasses, SampleMixing? mixing)
        {
            int targets = targetsAreClasses ? 0 : dataset.TargetLength > 0 ? dataset.TargetLength : dataset.ClassCount;
            Reader = new BatchReader(dataset, "training", maximumBatch, mixing);
            try
            {
                _inputs = new NativeBuffer((nuint)maximumBatch * (nuint)dataset.Shape.ElementCount * sizeof(float));
                _targets = targets == 0 ? null : new NativeBuffer((nuint)maximumBatch * (nuint)targets * sizeof(float));
            }
            catch
            {
                _inputs?.Dispose();
                Reader.Dispose();
                throw;
            }
        }

        /// <summary>What reads the samples.</summary>
        public BatchReader Reader { get; }

        /// <summary>The samples, [N, H, W, C].</summary>
        public float* Inputs => _inputs.Floats;

        /// <summary>The target values, [N, F]; null where the loss takes classes.</summary>
        public float* Targets => _targets == null ? null : _targets.Floats;

        public int Epoch { get; private set; }

        public int Batch { get; private set; }

        /// <summary>How many of the samples somebody has taken to read.</summary>
        public int Claimed { get; set; }

        /// <summary>How many of them are read.</summary>
        public int Read { get; set; }

        public bool IsRead => Read == Reader.Length;

        public void Begin(int epoch, int batch, ReadOnlySpan<int> indices)
        {
            (Epoch, Batch, Claimed, Read) = (epoch, batch, 0, 0);
            Reader.Begin(indices, epoch, Inputs, Targets);
        }

        public void Dispose()
        {
            _inputs.Dispose();
            _targets?.Dispose();
            Reader.Dispose();
        }
    }
}
