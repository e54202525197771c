using Microsoft.ML.ConvNet.Columns;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>What the threads that read the rows of one data view know of one another: whether to go on, and up to where.</summary>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class ReadingProgress(CancellationToken cancellation)
{
    private readonly object _lock = new();
    private long _faultyBatch = long.MaxValue;
    private volatile bool _isEnded;

    /// <summary>Ends the reading.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Whether something ended the reading that is no fault of a row.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>What did so, the first of several; null where nothing did.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The first bad row in the order of the data, of those that were met; null where there is none.</summary>
    public FaultyRow? Fault { get; private set; }

    /// <summary>Whether rows of a batch come behind a bad row of another: they are of no interest any more.</summary>
    public bool IsBehindFault(long batch) => batch > Interlocked.Read(ref _faultyBatch);

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

    /// <summary>Ends the reading.</summary>
    public void End(Exception failure)
    {
        lock (_lock)
        {
            Failure ??= failure;
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
