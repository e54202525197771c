using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>A transformer bound to a schema: its columns, and behind them those that are added, which are all made of one of them.</summary>
/// <param name="context">Who reads.</param>
/// <param name="source">The column that the added ones are made of.</param>
/// <param name="input">The schema.</param>
/// <param name="output">The schema with the columns that are added.</param>
internal abstract class RowBinding(IExceptionContext context, DataViewSchema.Column source, DataViewSchema input, DataViewSchema output)
{
    /// <summary>The schema that is bound to.</summary>
    public DataViewSchema InputSchema { get; } = input;

    /// <summary>The schema with the columns added.</summary>
    public DataViewSchema OutputSchema { get; } = output;

    /// <summary>Who reads.</summary>
    protected IExceptionContext Context { get; } = context;

    /// <summary>Marks columns of the output schema.</summary>
    public bool[] Mark(IEnumerable<DataViewSchema.Column> columns)
    {
        bool[] marks = new bool[OutputSchema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            RequireColumn(column);
            marks[column.Index] = true;
        }

        return marks;
    }

    /// <summary>The columns of the input schema that the marked columns need.</summary>
    public IEnumerable<DataViewSchema.Column> InputsOf(bool[] marks) =>
        InputSchema.Where(column => marks[column.Index] || (IsAdding(marks) && column.Index == source.Index));

    /// <summary>The columns that a cursor is asked for: those of the input schema that the marked columns need, and texts that name bad rows.</summary>
    public IEnumerable<DataViewSchema.Column> CursorInputsOf(bool[] marks) =>
        IsAdding(marks) ? RowTexts.With(InputSchema, source, InputsOf(marks)) : InputsOf(marks);

    /// <summary>A cursor with the marked columns.</summary>
    /// <param name="input">The cursor over the rows, with the columns of <see cref="CursorInputsOf"/>; it is disposed of with the result.</param>
    /// <param name="marks">The marked columns.</param>
    public virtual DataViewRowCursor CreateCursor(DataViewRowCursor input, bool[] marks) => new AddingCursor(input, this, marks);

    /// <summary>The getters of the marked columns among those that are added; null for the others.</summary>
    /// <param name="row">The row.</param>
    /// <param name="marks">The marked columns.</param>
    public Delegate?[] CreateGetters(DataViewRow row, bool[] marks)
    {
        Delegate?[] getters = new Delegate?[OutputSchema.Count - InputSchema.Count];
        if (IsAdding(marks))
        {
            AddGetters(row, marks.AsSpan(InputSchema.Count), getters);
        }

        return getters;
    }

    /// <summary>The getter of a column of a row to which columns are added.</summary>
    public ValueGetter<TValue> GetGetter<TValue>(DataViewRow row, Delegate?[] added, DataViewSchema.Column column)
    {
        RequireColumn(column);
        if (column.Index < InputSchema.Count)
        {
            return row.GetGetter<TValue>(row.Schema[column.Index]);
        }

        Delegate getter = added[column.Index - InputSchema.Count]
            ?? throw Context.Process(new InvalidOperationException($"The column \"{column.Name}\" is not active in this row."));
        return getter as ValueGetter<TValue>
            ?? throw Context.Process(new InvalidOperationException(
                $"The column \"{column.Name}\" has values of {column.Type.RawType}. Received: a request for {typeof(TValue)}."));
    }

    /// <summary>Throws where a column is not one of the output schema.</summary>
    public void RequireColumn(DataViewSchema.Column column)
    {
        if (column.Index >= OutputSchema.Count)
        {
            throw Context.Process(new ArgumentOutOfRangeException(
                nameof(column), $"The column \"{column.Name}\" is not one of this row, which has {OutputSchema.Count}."));
        }
    }

    /// <summary>Makes the getters of columns that are added.</summary>
    /// <param name="row">The row.</param>
    /// <param name="marks">Which of them are asked for: at least one.</param>
    /// <param name="getters">Receives them.</param>
    protected abstract void AddGetters(DataViewRow row, ReadOnlySpan<bool> marks, Span<Delegate?> getters);

    /// <summary>Whether a column that is added is among the marked ones.</summary>
    protected bool IsAdding(bool[] marks) => marks.AsSpan(InputSchema.Count).Contains(true);
}
