#nullable disable
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(ValueToKeyMappingTransformer),
    null,
    typeof(Microsoft.ML.SignatureLoadModel),
    "Term Transform",
    ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Turns values into the keys learned for them; an unknown value is missing.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";

    private readonly TermMap[] _maps;
    private readonly bool _asText;

    internal ValueToKeyMappingTransformer(
        IHostEnvironment env, (string OutputColumnName, string InputColumnName)[] columns, TermMap[] maps, bool asText)
        : base(env.Register("Term"), columns)
    {
        _maps = maps;
        _asText = asText;
    }

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _asText = ctx.Reader.ReadBoolean();
        _maps = [.. ColumnPairs.Select(_ => TermMap.Load(ctx.Reader))];
    }

    private static VersionInfo Version => StandInVersion.Create("TERMTRNF", LoaderSignature);

    internal static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new ValueToKeyMappingTransformer(env.Register("Term"), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(_asText);
        foreach (TermMap map in _maps)
        {
            map.Save(ctx.Writer);
        }
    }

    private protected override void CheckInputColumn(DataViewSchema.Column input, int pair)
    {
        string expected = _maps[pair].ItemType.ToString();
        if (input.Type.GetItemType().RawType != _maps[pair].ItemType.RawType)
        {
            throw Host.ExceptSchemaMismatch("inputSchema", "input", input.Name, expected, input.Type.ToString());
        }
    }

    private protected override DataViewSchema.DetachedColumn OutputColumn(DataViewSchema.Column input, int pair)
    {
        KeyDataViewType key = _maps[pair].KeyType;
        DataViewType type = input.Type is VectorDataViewType vector ? new VectorDataViewType(key, vector.Dimensions) : key;
        var annotations = new DataViewSchema.Annotations.Builder();
        _maps[pair].AddKeyValues(annotations, input, _asText);
        annotations.Add(input.Annotations, name => name == AnnotationUtils.Kinds.SlotNames);
        return new DataViewSchema.DetachedColumn(ColumnPairs[pair].OutputColumnName, type, annotations.ToAnnotations());
    }

    private protected override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column input, int pair, out Action disposer)
    {
        disposer = null;
        return _maps[pair].MakeGetter(row, input);
    }
}
