namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>
/// The order of the rows of a data view that several cursors gave: by batch number, of which each belongs to one cursor and which rise in each, as
/// ML.NET has it for <see cref="IDataView.GetRowCursorSet"/>. A single cursor gives the rows in their order, whatever their batch numbers.
/// </summary>
internal sealed class RowOrder
{
    private readonly RowPart[] _parts;
    private readonly (int Part, int Run)[] _runs;
    private readonly long[][] _firstRows;

    /// <summary>Finds the order.</summary>
    public RowOrder(RowPart[] parts)
    {
        _parts = parts;
        IEnumerable<(int Part, int Run)> runs = parts.SelectMany((part, i) => Enumerable.Range(0, part.Runs.Count).Select(run => (i, run)));
        _runs = parts.Length == 1 ? [.. runs] : [.. runs.OrderBy(place => parts[place.Part].Runs[place.Run].Batch)];
        _firstRows = [.. parts.Select(part => new long[part.Runs.Count])];
        foreach ((int part, int run) in _runs)
        {
            _firstRows[part][run] = Rows;
            Rows += parts[part].Runs[run].Rows;
        }
    }

    /// <summary>The number of rows.</summary>
    public long Rows { get; private set; }

    /// <summary>The number of a row in the data, from 0.</summary>
    public long NumberOf(RowPart part, int run, int place) => _firstRows[Array.IndexOf(_parts, part)][run] + place;

    /// <summary>The numbers that the set gave the samples, in the order of the rows.</summary>
    public int[] Samples()
    {
        List<int> samples = new(_parts.Sum(part => part.Samples.Count));
        foreach ((int number, int run) in _runs)
        {
            RowPart part = _parts[number];
            int end = run + 1 < part.Runs.Count ? part.Runs[run + 1].FirstSample : part.Samples.Count;
            for (int i = part.Runs[run].FirstSample; i < end; i++)
            {
                samples.Add(part.Samples[i]);
            }
        }

        return [.. samples];
    }

    /// <summary>The rows that were left out since their images cannot be read, in their order, with their numbers.</summary>
    public IEnumerable<(long Number, string Texts)> Unreadable() => _parts
        .SelectMany(part => part.Unreadable.Select(row => (Number: NumberOf(part, row.Run, row.Place), row.Texts)))
        .OrderBy(row => row.Number);
}
