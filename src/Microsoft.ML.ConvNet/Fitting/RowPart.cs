using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>The rows of one of several cursors over the same data, added to a set by a thread of its own.</summary>
internal sealed class RowPart
{
    private readonly int _number;
    private readonly DataViewRowCursor _cursor;
    private readonly PixelReader _reader;
    private readonly TargetReader _target;
    private readonly Func<float> _weightOf;
    private readonly CachedDataset _dataset;
    private readonly bool _skipsUnreadable;
    private readonly byte[] _bytes;
    private readonly float[] _floats;
    private readonly List<RowRun> _runs = [];
    private readonly List<int> _samples = [];
    private readonly List<UnreadableRow> _unreadable = [];
    private float[]? _first;

    /// <summary>Prepares to read.</summary>
    /// <param name="context">Who reads.</param>
    /// <param name="number">The number of the cursor among its like, from 0.</param>
    /// <param name="cursor">The cursor.</param>
    /// <param name="columns">What is read of each row.</param>
    /// <param name="dataset">Receives the samples.</param>
    /// <param name="skipsUnreadable">Whether rows whose images cannot be read are left out.</param>
    public RowPart(IExceptionContext context, int number, DataViewRowCursor cursor, SampleColumns columns, CachedDataset dataset, bool skipsUnreadable)
    {
        RowPartContext part = new(context);
        _number = number;
        _cursor = cursor;
        _reader = PixelReader.Create(part, cursor, columns.Image);
        _target = columns.Task.CreateReader(part, cursor, columns.Label);
        _weightOf = WeightReader.Create(part, cursor, columns.Weight);
        _dataset = dataset;
        _skipsUnreadable = skipsUnreadable;
        _bytes = new byte[dataset.Shape.ElementCount];
        _floats = _reader is BytePixelReader ? [] : new float[dataset.Shape.ElementCount];
    }

    /// <summary>The stretches of rows with one batch number, in the order of the cursor.</summary>
    public IReadOnlyList<RowRun> Runs => _runs;

    /// <summary>The numbers that the set gave the samples, in the order of the cursor.</summary>
    public IReadOnlyList<int> Samples => _samples;

    /// <summary>The rows that were left out since their images cannot be read.</summary>
    public IReadOnlyList<UnreadableRow> Unreadable => _unreadable;

    /// <summary>The rows that were left out since they have no class.</summary>
    public long Unlabelled { get; private set; }

    /// <summary>The values of the first sample; null where there is none.</summary>
    public float[]? First => _first;

    /// <summary>Whether no two samples were different.</summary>
    public bool AreAllTheSame { get; private set; } = true;

    /// <summary>Reads the rows to their end, or until the reading is ended.</summary>
    /// <param name="progress">What the threads know of one another.</param>
    public void Run(ReadingProgress progress)
    {
        try
        {
            while (!progress.IsEnded && _cursor.MoveNext())
            {
                progress.Cancellation.ThrowIfCancellationRequested();
                BeginRow(_cursor.Batch);
                if (progress.IsBehindFault(_cursor.Batch) || !TryAdd(progress))
                {
                    return;
                }

                _runs[^1] = _runs[^1] with { Rows = _runs[^1].Rows + 1 };
            }
        }
#pragma warning disable CA1031 // It is thrown on by the thread that asked for the rows.
        catch (Exception exception) when (exception is ThreadInterruptedException || progress.Cancellation.IsCancellationRequested)
        {
            progress.End(exception);
        }
        catch (Exception exception)
#pragma warning restore CA1031
        {
            bool isOfAll = SplitSource.CauseOf(exception) != exception;
            progress.Break(isOfAll ? long.MaxValue : _runs.Count == 0 ? long.MinValue + _number : _runs[^1].Batch, exception);
        }
    }

    private void BeginRow(long batch)
    {
        if (_runs.Count == 0 || _runs[^1].Batch != batch)
        {
            _runs.Add(new RowRun(batch, _samples.Count, Rows: 0));
        }
    }

    private bool TryAdd(ReadingProgress progress)
    {
        try
        {
            if (_target.Read())
            {
                Add(_weightOf());
            }
            else
            {
                Unlabelled++;
            }

            return true;
        }
        catch (RowFaultException fault) when (fault.IsUnreadable && _skipsUnreadable)
        {
            _unreadable.Add(new UnreadableRow(_runs.Count - 1, _runs[^1].Rows, fault.Texts));
            return true;
        }
        catch (RowFaultException fault)
        {
            progress.Fail(_runs[^1].Batch, new FaultyRow(this, _runs.Count - 1, _runs[^1].Rows, fault));
            return false;
        }
    }

    // As bytes where the pixels are whole numbers from 0 to 255, in a quarter of the memory.
    private void Add(float weight)
    {
        bool areBytes = true;
        if (_reader is BytePixelReader byteReader)
        {
            byteReader.ReadBytes(_bytes);
        }
        else
        {
            _reader.Read(_floats);
            areBytes = AreBytes();
        }

        _samples.Add(areBytes ? _target.Add(_dataset, _bytes, weight) : _target.Add(_dataset, _floats, weight));
        if (AreAllTheSame)
        {
            Compare(areBytes);
        }
    }

    private bool AreBytes()
    {
        for (int i = 0; i < _floats.Length; i++)
        {
            float value = _floats[i];
            byte rounded = (byte)Math.Clamp(value, 0f, 255f);
            if (rounded != value)
            {
                return false;
            }

            _bytes[i] = rounded;
        }

        return true;
    }

    private void Compare(bool areBytes)
    {
        if (_first is null)
        {
            _first = new float[_bytes.Length];
            for (int i = 0; i < _first.Length; i++)
            {
                _first[i] = areBytes ? _bytes[i] : _floats[i];
            }

            return;
        }

        for (int i = 0; i < _first.Length && AreAllTheSame; i++)
        {
            AreAllTheSame = _first[i] == (areBytes ? _bytes[i] : _floats[i]);
        }
    }
}

/// <summary>Rows of a cursor that follow one another with one batch number, by which the order of the rows of all cursors is found again.</summary>
/// <param name="Batch">The batch number.</param>
/// <param name="FirstSample">The number of samples of the cursor before them.</param>
/// <param name="Rows">The number of rows, those without a sample included.</param>
internal readonly record struct RowRun(long Batch, int FirstSample, int Rows);

/// <summary>A row whose image cannot be read.</summary>
/// <param name="Run">The number of its run in its part.</param>
/// <param name="Place">Its place in that.</param>
/// <param name="Texts">Its texts.</param>
internal readonly record struct UnreadableRow(int Run, int Place, string Texts);
