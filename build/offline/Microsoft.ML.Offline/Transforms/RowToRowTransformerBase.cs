#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that adds columns computed from others of the same row.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase(IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        Host = host;
    }

    bool ITransformer.IsRowToRowMapper => true;

    private protected IHost Host { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return new ColumnBindings(inputSchema, MakeRowMapper(inputSchema).OutputColumns).Schema;
    }

    public IDataView Transform(IDataView input)
    {
        Host.CheckValue(input, nameof(input));
        return new MappedDataView(Host, input, MakeRowMapper(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return new RowToRowMapper(Host, MakeRowMapper(inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        SaveModel(ctx);
    }

    /// <summary>Sets the version, then writes.</summary>
    private protected abstract void SaveModel(ModelSaveContext ctx);

    /// <summary>Binds the transformer to a schema, or says why it cannot.</summary>
    private protected abstract RowMapper MakeRowMapper(DataViewSchema inputSchema);
}

/// <summary>A transformer bound to one schema: which columns it adds, from which it computes them, and how.</summary>
internal abstract class RowMapper
{
    protected RowMapper(DataViewSchema inputSchema) => InputSchema = inputSchema;

    public DataViewSchema InputSchema { get; }

    /// <summary>The columns added, always the same array.</summary>
    public abstract DataViewSchema.DetachedColumn[] OutputColumns { get; }

    /// <summary>The indices of the input columns that added column <paramref name="output"/> is computed from.</summary>
    public abstract IEnumerable<int> SourcesOf(int output);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of added column <paramref name="output"/> of <paramref name="input"/>.</summary>
    /// <param name="input">The row to read from; the columns of <see cref="SourcesOf"/> are active in it.</param>
    /// <param name="output">Which of <see cref="OutputColumns"/>.</param>
    /// <param name="disposer">What to call when the row is disposed, or null.</param>
    public abstract Delegate MakeGetter(DataViewRow input, int output, out Action disposer);

    /// <summary>Getters of the added columns that <paramref name="isActive"/> names; null for the others.</summary>
    public virtual Delegate[] MakeGetters(DataViewRow input, Func<int, bool> isActive, out Action disposer)
    {
        var getters = new Delegate[OutputColumns.Length];
        disposer = null;
        for (int i = 0; i < getters.Length; i++)
        {
            if (isActive(i))
            {
                getters[i] = MakeGetter(input, i, out Action one);
                disposer += one;
            }
        }

        return getters;
    }
}
