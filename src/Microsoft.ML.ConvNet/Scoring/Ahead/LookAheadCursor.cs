using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Scoring.Ahead;

/// <summary>
/// A cursor that gives the rows of another one as they are, and reads some of them ahead, with their pixels, so that a network scores many at a time.
/// The first row comes alone, and each batch is up to four times as long as the one before it: who takes a few rows pays for few. A batch ends early with
/// the row by which <see cref="MostMilliseconds"/> have passed: rows that come slowly, of large files or of a camera, are not held up. It ends with a
/// bad row, too, behind which many go no further. One thread uses it.
/// </summary>
internal sealed class LookAheadCursor : DataViewRowCursor
{
    /// <summary>The most rows that are read ahead.</summary>
    public const int MostRows = 256;

    /// <summary>How long rows are read ahead.</summary>
    public const int MostMilliseconds = 20;

    // Pixels and scores of a batch.
    private const long MostBytes = 32L * 1024 * 1024;
    private const int Growth = 4;

    private readonly DataViewRowCursor _input;
    private readonly KeptColumn?[] _columns;
    private readonly KeptColumn[] _kept;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _positions;
    private readonly long[] _batches;
    private readonly int _mostRows;
    private int _place = -1;
    private int _wanted = 1;
    private bool _isAtEnd;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Prepares to read.</summary>
    /// <param name="input">The rows; it is disposed of with this.</param>
    /// <param name="columns">The columns whose values can be asked for: active in the input, and of types that can be kept.</param>
    /// <param name="texts">Columns of texts beside them, which name bad rows; one that cannot be read is left out.</param>
    /// <param name="mostRows">The most rows to read ahead.</param>
    /// <param name="pixels">Makes what receives their pixels, of the input and the number of rows.</param>
    public LookAheadCursor(
        DataViewRowCursor input,
        IEnumerable<DataViewSchema.Column> columns,
        IEnumerable<DataViewSchema.Column> texts,
        int mostRows,
        Func<DataViewRow, int, PixelBatch> pixels)
    {
        _input = input;
        _mostRows = mostRows;
        _columns = new KeptColumn?[input.Schema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            _columns[column.Index] = KeptColumn.Create(input, column, mostRows);
        }

        foreach (DataViewSchema.Column column in texts)
        {
            try
            {
                _columns[column.Index] = KeptColumn.Create(input, column, mostRows);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Errors are told with or without this text.
            }
        }

        _kept = [.. _columns.OfType<KeptColumn>()];
        _idGetter = input.GetIdGetter();
        _ids = new DataViewRowId[mostRows];
        _positions = new long[mostRows];
        _batches = new long[mostRows];
        Pixels = pixels(input, mostRows);
    }

    /// <summary>The pixels of the rows of the batch.</summary>
    public PixelBatch Pixels { get; }

    /// <summary>The place of the present row in the batch.</summary>
    /// <exception cref="InvalidOperationException">There is no present row.</exception>
    public int PresentPlace => _place >= 0 ? _place
        : throw new InvalidOperationException("A value is asked for of a row. Received: a cursor before its first row or behind its last; call MoveNext.");

    /// <summary>The number of rows of the batch.</summary>
    public int Count { get; private set; }

    /// <summary>The number of the batch, from 1.</summary>
    public long Number { get; private set; }

    /// <inheritdoc/>
    public override long Position => _place < 0 ? -1 : _positions[_place];

    /// <inheritdoc/>
    public override long Batch => _place < 0 ? _input.Batch : _batches[_place];

    /// <inheritdoc/>
    public override DataViewSchema Schema => _input.Schema;

    /// <summary>The most rows whose numbers have room in a batch.</summary>
    /// <param name="bytes">The bytes of pixels and scores of a row.</param>
    public static int MostRowsOf(long bytes) => (int)Math.Clamp(MostBytes / Math.Max(bytes, 1), 1, MostRows);

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        if (_place + 1 < Count)
        {
            _place++;
            return true;
        }

        return Fill();
    }

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[PresentPlace];

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => _columns[column.Index] is not null;

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        KeptColumn kept = _columns[column.Index]
            ?? throw new InvalidOperationException($"The column \"{column.Name}\" is not active in this cursor.");
        return kept is KeptColumn<TValue> typed
            ? (ref TValue value) => typed.Get(PresentPlace, ref value)
            : throw new InvalidOperationException(
                $"The column \"{column.Name}\" has values of {column.Type.RawType}. Received: a request for {typeof(TValue)}.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Whoever asks for a value now is told so.
            (_place, Count, _isAtEnd) = (-1, 0, true);
            Pixels.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Fill()
    {
        (_place, Count) = (-1, 0);
        if (!_isAtEnd && _failure is null)
        {
            Number++;
            long start = Environment.TickCount64;
            while (Count < _wanted && (Count == 0 || Environment.TickCount64 - start < MostMilliseconds) && ReadRow())
            {
            }

            _wanted = Math.Min(Math.Min(_wanted, Math.Max(Count, 1)) * Growth, _mostRows);
        }

        if (Count > 0)
        {
            _place = 0;
            return true;
        }

        // The rows before it have been given.
        _failure?.Throw();
        return false;
    }

    private bool ReadRow()
    {
        try
        {
            if (!_input.MoveNext())
            {
                _isAtEnd = true;
                return false;
            }
        }
        catch (Exception exception) when (Count > 0)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
            return false;
        }

        int place = Count++;
        _positions[place] = _input.Position;
        _batches[place] = _input.Batch;
        _idGetter(ref _ids[place]);
        foreach (KeptColumn column in _kept)
        {
            column.Read(place);
        }

        return Pixels.Fetch(place);
    }
}
