#nullable disable
namespace Microsoft.ML.Data;

/// <summary>
/// The schema of a view with columns added, and where each of its columns comes from. A column whose name is taken stands
/// right behind the one it hides; others stand at the end.
/// </summary>
internal sealed class ColumnBindings
{
    private readonly int[] _origins;

    public ColumnBindings(DataViewSchema input, IReadOnlyList<DataViewSchema.DetachedColumn> added)
    {
        Input = input;
        var origins = new List<int>(Enumerable.Range(0, input.Count));
        string NameOf(int origin) => origin >= 0 ? input[origin].Name : added[~origin].Name;
        for (int i = 0; i < added.Count; i++)
        {
            int hides = origins.FindLastIndex(origin => NameOf(origin) == added[i].Name);
            origins.Insert(hides < 0 ? origins.Count : hides + 1, ~i);
        }

        _origins = [.. origins];
        AddedIndices = [.. Enumerable.Range(0, added.Count).Select(i => origins.IndexOf(~i))];
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(origins.Select(origin =>
            origin >= 0 ? new DataViewSchema.DetachedColumn(input[origin]) : added[~origin]));
        Schema = builder.ToSchema();
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Schema { get; }

    /// <summary>The indices in <see cref="Schema"/> of the columns added.</summary>
    public int[] AddedIndices { get; }

    /// <summary>Whether a column of <see cref="Schema"/> is of the input, and its index there or among the added ones.</summary>
    public (bool IsInput, int Index) OriginOf(int column)
    {
        int origin = _origins[column];
        return origin >= 0 ? (true, origin) : (false, ~origin);
    }

    /// <summary>The columns of the input needed for columns of <see cref="Schema"/>.</summary>
    public IEnumerable<DataViewSchema.Column> InputsOf(bool[] active, RowMapper mapper)
    {
        var needed = new bool[Input.Count];
        for (int i = 0; i < active.Length; i++)
        {
            if (!active[i])
            {
                continue;
            }

            (bool isInput, int index) = OriginOf(i);
            if (isInput)
            {
                needed[index] = true;
            }
            else
            {
                foreach (int source in mapper.SourcesOf(index))
                {
                    needed[source] = true;
                }
            }
        }

        return [.. Input.Where(column => needed[column.Index])];
    }
}
