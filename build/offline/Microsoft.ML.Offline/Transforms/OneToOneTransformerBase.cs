#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that computes each column it adds from one column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(IHost host, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(host)
    {
        host.CheckValue(columns, nameof(columns));
        var names = new HashSet<string>();
        foreach ((string output, string input) in columns)
        {
            host.CheckNonEmpty(input, nameof(columns));
            host.CheckNonEmpty(output, nameof(columns));
            host.CheckParam(names.Add(output), nameof(columns), $"Name of the result column '{output}' specified multiple times");
        }

        ColumnPairs = columns;
    }

    private protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx)
        : base(host)
    {
        int count = ctx.Reader.ReadInt32();
        host.CheckDecode(count >= 0, "Corrupt model file: a negative number of columns");
        ColumnPairs = new (string, string)[count];
        for (int i = 0; i < count; i++)
        {
            string output = ctx.LoadNonEmptyString();
            ColumnPairs[i] = (output, ctx.LoadNonEmptyString());
        }
    }

    internal (string OutputColumnName, string InputColumnName)[] ColumnPairs { get; }

    /// <summary>Writes the column names.</summary>
    private protected void SaveColumns(ModelSaveContext ctx)
    {
        ctx.Writer.Write(ColumnPairs.Length);
        foreach ((string output, string input) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(output);
            ctx.SaveNonEmptyString(input);
        }
    }

    /// <summary>Throws where the transformer cannot read <paramref name="input"/>.</summary>
    private protected virtual void CheckInputColumn(DataViewSchema.Column input, int pair)
    {
    }

    /// <summary>The column added for one of <see cref="ColumnPairs"/>.</summary>
    private protected abstract DataViewSchema.DetachedColumn OutputColumn(DataViewSchema.Column input, int pair);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the column added for one of <see cref="ColumnPairs"/>.</summary>
    private protected abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column input, int pair, out Action disposer);

    private protected sealed override RowMapper MakeRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    private DataViewSchema.Column Find(DataViewSchema schema, int pair)
    {
        string name = ColumnPairs[pair].InputColumnName;
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw Host.ExceptSchemaMismatch("inputSchema", "input", name);
        CheckInputColumn(column, pair);
        return column;
    }

    private sealed class Mapper : RowMapper
    {
        private readonly OneToOneTransformerBase _owner;
        private readonly DataViewSchema.Column[] _sources;
        private readonly Lazy<DataViewSchema.DetachedColumn[]> _outputs;

        public Mapper(OneToOneTransformerBase owner, DataViewSchema schema)
            : base(schema)
        {
            _owner = owner;
            _sources = [.. owner.ColumnPairs.Select((_, i) => owner.Find(schema, i))];
            _outputs = new(() => [.. _sources.Select(owner.OutputColumn)]);
        }

        public override DataViewSchema.DetachedColumn[] OutputColumns => _outputs.Value;

        public override IEnumerable<int> SourcesOf(int output) => [_sources[output].Index];

        public override Delegate MakeGetter(DataViewRow input, int output, out Action disposer) =>
            _owner.MakeGetter(input, _sources[output], output, out disposer);
    }
}
