#nullable disable
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Numbers the distinct values of columns.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHost _host;
    private readonly (string OutputColumnName, string InputColumnName)[] _columns;
    private readonly KeyRules _rules;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(
        IHostEnvironment env, (string OutputColumnName, string InputColumnName)[] columns, KeyRules rules, IDataView keyData)
    {
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        _host.CheckNonEmpty(columns, nameof(columns));
        _host.CheckParam(
            keyData is null || keyData.Schema.Count == 1,
            nameof(keyData),
            $"If specified, this data view should contain only a single column containing the terms to map, but this had {keyData?.Schema.Count} columns.");
        _columns = columns;
        _rules = rules;
        _keyData = keyData;
    }

    /// <summary>In which order values get their numbers.</summary>
    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        DataViewSchema.Column[] sources = [.. _columns.Select(pair =>
            input.Schema.GetColumnOrNull(pair.InputColumnName)
            ?? throw _host.ExceptSchemaMismatch("inputSchema", "input", pair.InputColumnName))];
        TermMap[] maps = _keyData is null
            ? TermMap.Learn(_host, input, sources, _rules)
            : [.. sources.Select(LearnFromKeyData)];
        return new ValueToKeyMappingTransformer(_host, _columns, maps, _rules.AsText);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(_columns.Select(pair => OutputColumn(inputSchema.Require(_host, pair.InputColumnName), pair)));
    }

    private TermMap LearnFromKeyData(DataViewSchema.Column source)
    {
        DataViewSchema.Column keys = _keyData.Schema[0];
        DataViewType expected = source.Type.GetItemType();
        _host.CheckParam(
            keys.Type.Equals(expected), "keyData", $"Input data's column must be of type '{expected}' but was '{keys.Type}'");
        return TermMap.Learn(_host, _keyData, [keys], _rules with { MaximumNumberOfKeys = int.MaxValue })[0];
    }

    private SchemaShape.Column OutputColumn(SchemaShape.Column source, (string OutputColumnName, string InputColumnName) pair)
    {
        if (source.ItemType is not PrimitiveDataViewType)
        {
            throw _host.ExceptSchemaMismatch("inputSchema", "input", pair.InputColumnName);
        }

        const SchemaShape.Column.VectorKind Vector = SchemaShape.Column.VectorKind.Vector;
        bool named = source.IsKey
            && source.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out SchemaShape.Column known)
            && known.Kind == Vector;
        SchemaShape.Column values = named
            ? source.Annotations.Require(_host, AnnotationUtils.Kinds.KeyValues)
            : new SchemaShape.Column(
                AnnotationUtils.Kinds.KeyValues, Vector, _rules.AsText ? TextDataViewType.Instance : source.ItemType, source.IsKey);
        return new SchemaShape.Column(
            pair.OutputColumnName,
            source.Kind,
            NumberDataViewType.UInt32,
            true,
            new SchemaShape(source.Annotations.Only(AnnotationUtils.Kinds.SlotNames).Append(values)));
    }
}

/// <summary>How many values get a key, in which order, and whether their names are kept as text.</summary>
internal sealed record KeyRules(int MaximumNumberOfKeys, ValueToKeyMappingEstimator.KeyOrdinality Ordinality, bool AsText);
