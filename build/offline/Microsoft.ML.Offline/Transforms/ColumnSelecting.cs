#nullable disable
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(ColumnSelectingTransformer),
    null,
    typeof(Microsoft.ML.SignatureLoadModel),
    "Select Columns Transform",
    ColumnSelectingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Which columns stay: those named, in that order; or all but those named.</summary>
internal sealed record ColumnSelection(string[] Names, bool Keeps, bool KeepHidden)
{
    public static ColumnSelection Keep(string[] names, bool keepHidden) => new(RequireSome(names), true, keepHidden);

    public static ColumnSelection Drop(string[] names) => new(RequireSome(names), false, false);

    public bool Selects(string name) => Names.Contains(name) == Keeps;

    /// <summary>The indices of the columns that stay.</summary>
    public int[] Apply(IExceptionContext context, DataViewSchema schema)
    {
        RequireKnown(context, schema.Select(column => column.Name));
        return Keeps
            ? [.. Names.SelectMany(name => schema.Where(column =>
                column.Name == name && (KeepHidden || !column.IsHidden))).Select(column => column.Index)]
            : [.. schema.Where(column => Selects(column.Name)).Select(column => column.Index)];
    }

    public void RequireKnown(IExceptionContext context, IEnumerable<string> known)
    {
        string[] missing = [.. Names.Except(known)];
        if (missing.Length > 0)
        {
            throw context.ExceptSchemaMismatch("inputSchema", "input", string.Join(",", missing));
        }
    }

    private static string[] RequireSome(string[] names) => names is { Length: > 0 }
        ? names
        : throw new InvalidOperationException("Neither keepColumns and dropColumns is set. Exactly one must be specified.");
}

/// <summary>Keeps or drops columns.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    private readonly ColumnSelection _selection;

    internal ColumnSelectingEstimator(IHostEnvironment env, ColumnSelection selection)
        : base(env.Register(nameof(ColumnSelectingEstimator)), new ColumnSelectingTransformer(env, selection)) =>
        _selection = selection;

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        _selection.RequireKnown(Host, inputSchema.Select(column => column.Name));
        return new SchemaShape(inputSchema.Where(column => _selection.Selects(column.Name)));
    }
}

/// <summary>Keeps or drops columns.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";

    private readonly IHost _host;
    private readonly ColumnSelection _selection;

    internal ColumnSelectingTransformer(IHostEnvironment env, ColumnSelection selection)
    {
        _host = env.Register(nameof(ColumnSelectingTransformer));
        _selection = selection;
    }

    bool ITransformer.IsRowToRowMapper => true;

    private static VersionInfo Version => StandInVersion.Create("SELCOLST", LoaderSignature);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return new SelectedColumns(inputSchema, _selection.Apply(_host, inputSchema)).Schema;
    }

    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new SelectedColumnsDataView(_host, input, _selection.Apply(_host, input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return new SelectedColumns(inputSchema, _selection.Apply(_host, inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(_selection.Keeps);
        ctx.Writer.Write(_selection.KeepHidden);
        ctx.Writer.Write(_selection.Names.Length);
        foreach (string name in _selection.Names)
        {
            ctx.SaveNonEmptyString(name);
        }
    }

    internal static ColumnSelectingTransformer CreateDrop(IHostEnvironment env, params string[] names) =>
        new(env, ColumnSelection.Drop(names));

    internal static ColumnSelectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        bool keeps = ctx.Reader.ReadBoolean();
        bool keepHidden = ctx.Reader.ReadBoolean();
        string[] names = [.. Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.LoadNonEmptyString())];
        return new ColumnSelectingTransformer(env, new ColumnSelection(names, keeps, keepHidden));
    }
}
