using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Losses;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Training.Steps;

/// <summary>The batches of each epoch: which samples they have, a function of seed and epoch, and what a session is fed with.</summary>
internal sealed unsafe class BatchSource : IDisposable
{
    private readonly ImageDataset _dataset;
    private readonly BatchReader _reader;
    private BatchPrefetcher? _ahead;
    private ReadingTrial? _trial;
    private readonly SampleMixing? _mixing;
    private readonly BatchOrder _order;
    private readonly EpochBatches _batches;
    private readonly bool _shuffles;
    private int _epoch;

    /// <summary>Divides a set.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="options">The size of a batch, and the seed of the order.</param>
    /// <param name="normalizesByBatch">Whether layers normalise by the batch.</param>
    public BatchSource(ImageDataset dataset, TrainingOptions options, bool normalizesByBatch)
    {
        _dataset = dataset;
        _shuffles = options.Shuffle;
        _batches = new EpochBatches(dataset.Count, options.BatchSize, normalizesByBatch);
        _order = new BatchOrder(dataset.Count, options.Seed);
        _mixing = SampleMixing.Of(dataset, options);
        _reader = new BatchReader(dataset, "training", _batches.Largest, _mixing);
        try
        {
            // To wake another thread takes longer than to copy what lies in memory.
            _ahead = options.BatchesAhead > 0 && !(dataset.IsInMemory && _mixing is null)
                ? new BatchPrefetcher(dataset, options, _batches, _mixing)
                : null;
            _trial = _ahead is not null && options.PrefetchedBatches is null ? new ReadingTrial(TimeProvider.System) : null;
        }
        catch
        {
            _reader.Dispose();
            throw;
        }
    }

    /// <summary>The number of batches of an epoch.</summary>
    public int Count => _batches.Count;

    /// <summary>The samples of the largest batch.</summary>
    public int Largest => _batches.Largest;

    /// <summary>The number of samples of an epoch.</summary>
    public int Samples => _dataset.Count;

    /// <summary>Whether the targets are numbers, and not classes.</summary>
    public bool TargetsAreValues => _dataset.TargetLength > 0;

    /// <summary>The number of samples of the epoch before a batch.</summary>
    public int SamplesBefore(int batch) => batch == Count ? Samples : _batches[batch].First;

    /// <summary>Turns to an epoch, counted from 0.</summary>
    public void Begin(int epoch)
    {
        _epoch = epoch;
        _order.TurnTo(epoch, _shuffles);
    }

    /// <summary>Puts a batch of the epoch where a session takes it from.</summary>
    /// <param name="batch">The batch: the one behind that of the last call, of whichever epoch.</param>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">Ends it before the next sample.</param>
    /// <returns>The numbers of its samples; none where it was cancelled.</returns>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public ReadOnlySpan<int> Read(int batch, TrainingSession session, CancellationToken cancellationToken)
    {
        (int first, int length) = _batches[batch];
        ReadOnlySpan<int> indices = _order.Indices.Slice(first, length);
        _trial?.Next();
        if (_trial is { IsOver: true } trial)
        {
            Decide(trial.ReadsAhead);
        }

        using (WorkerGang gang = session.Lease())
        {
            bool isRead = _ahead is null || _trial is { ReadsAhead: false }
                ? _reader.Read(gang, indices, _epoch, session.Inputs, session.TargetValues, cancellationToken)
                : Take(gang, batch, length, session);
            if (!isRead)
            {
                return [];
            }
        }

        session.IsWeighted = _dataset.IsWeighted;
        for (int i = 0; i < indices.Length; i++)
        {
            session.SampleIds[i] = (uint)indices[i];
            if (session.IsWeighted)
            {
                session.SampleWeights[i] = WeightOf(indices[i]);
            }

            if (session.TargetClasses == null)
            {
                continue;
            }

            ClassTarget target = TargetOf(indices[i]);
            session.TargetClasses[i] = target.First;
            if (session.SecondClasses != null)
            {
                session.SecondClasses[i] = target.Second;
                session.FirstShares[i] = target.Share;
            }
        }

        return indices;
    }

    /// <summary>What the samples of a batch of the epoch count in the mean of a loss: their number, or the sum of their weights.</summary>
    public double WeightOf(int batch, Loss loss)
    {
        (int first, int length) = _batches[batch];
        if (loss.WeightsOfClasses is null && !_dataset.IsWeighted)
        {
            return length;
        }

        double sum = 0;
        foreach (int index in _order.Indices.Slice(first, length))
        {
            sum += WeightOf(index, TargetsAreValues ? new ClassTarget(-1, -1, 1) : TargetOf(index), loss);
        }

        return sum;
    }

    /// <summary>What a sample counts in the mean of a loss: its own weight times that of its class. None has a sample without a class.</summary>
    public double WeightOf(int index, in ClassTarget target, Loss loss) =>
        target.First < 0 && !TargetsAreValues ? 0 : loss.WeightOf(target) * WeightOf(index);

    /// <summary>The class of a sample, or -1; in an epoch whose samples are mixed, its two classes.</summary>
    public ClassTarget TargetOf(int index) => _mixing is { } mixing
        ? mixing.TargetOf(_epoch, index)
        : new ClassTarget(_dataset.LabelOf(index), _dataset.LabelOf(index), 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        // It reads by the set until it is ended.
        _ahead?.Dispose();
        _reader.Dispose();
    }

    /// <summary>The weight of a sample; in an epoch whose samples are mixed, that of its mixture.</summary>
    private float WeightOf(int index) => _mixing is { } mixing ? mixing.WeightOf(_epoch, index) : _dataset.WeightOf(index);

    private void Decide(bool readsAhead)
    {
        _trial = null;
        if (!readsAhead)
        {
            _ahead!.Dispose();
            _ahead = null;
        }
    }

    private bool Take(WorkerGang gang, int batch, int length, TrainingSession session)
    {
        if (_ahead!.Take(_epoch, batch, gang) is not { } ready)
        {
            return false;
        }

        ElementwiseKernels.Copy(gang, ready.Inputs, session.Inputs, (nint)length * _dataset.Shape.ElementCount);
        if (session.TargetValues != null)
        {
            int targets = _dataset.TargetLength > 0 ? _dataset.TargetLength : _dataset.ClassCount;
            ElementwiseKernels.Copy(gang, ready.Targets, session.TargetValues, (nint)length * targets);
        }

        _ahead.Release();
        return true;
    }
}
