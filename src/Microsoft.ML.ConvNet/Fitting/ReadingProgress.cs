using Microsoft.ML.ConvNet.Columns;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>What the threads that read the rows of one data view know of one another: whether to go on, and up to where.</summary>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class ReadingProgress(CancellationToken cancellation)
{
    private readonly object _lock = new();
    private long _faultyBatch = long.MaxValue;
    private long _brokenBatch = long.MaxValue;
    private Exception? _failure;
    private volatile bool _isEnded;

    /// <summary>Ends the reading.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Whether something ended the reading that is no fault of a row.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>What did so, or else what a source of rows threw, before any bad row; null where there is neither.</summary>
    public Exception? Failure => IsEnded || Fault is null || _brokenBatch < _faultyBatch ? _failure : null;

    /// <summary>The first bad row in the order of the data, of those that were met; null where there is none.</summary>
    public FaultyRow? Fault { get; private set; }

    /// <summary>Whether rows of a batch come behind what ends the reading in another: they are of no interest any more.</summary>
    public bool IsBehindFault(long batch) => batch > Math.Min(Interlocked.Read(ref _faultyBatch), Interlocked.Read(ref _brokenBatch));

    /// <summary>Notes a bad row. Rows before it are still read: one of them may be bad, too.</summary>
    public void Fail(long batch, FaultyRow row)
    {
        lock (_lock)
        {
            if (Fault is null || batch < _faultyBatch)
            {
                Fault = row;
                Interlocked.Exchange(ref _faultyBatch, batch);
            }
        }
    }

    /// <summary>
    /// Notes what the source of a cursor's rows threw, which is as a bad row behind those that the cursor gave. Rows before it are still read: one of
    /// them may be bad.
    /// </summary>
    /// <param name="batch">The batch of the last row that the cursor gave; the greatest number where it is a source of all cursors, which gave all rows before.</param>
    /// <param name="failure">What it threw.</param>
    public void Break(long batch, Exception failure)
    {
        lock (_lock)
        {
            if (!_isEnded && (_failure is null || batch < _brokenBatch))
            {
                _failure = failure;
                Interlocked.Exchange(ref _brokenBatch, batch);
            }
        }
    }

    /// <summary>Ends the reading at once.</summary>
    public void End(Exception failure)
    {
        lock (_lock)
        {
            _failure = _isEnded ? _failure : failure;
            _isEnded = true;
        }
    }
}

/// <summary>A row that cannot be used.</summary>
/// <param name="Part">The part that it belongs to.</param>
/// <param name="Run">The number of its run in that.</param>
/// <param name="Place">Its place in the run.</param>
/// <param name="Fault">What is wrong with it.</param>
internal sealed record FaultyRow(RowPart Part, int Run, int Place, RowFaultException Fault);
