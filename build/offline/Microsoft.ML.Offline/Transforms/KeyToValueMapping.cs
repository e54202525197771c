#nullable disable
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(KeyToValueMappingTransformer),
    null,
    typeof(Microsoft.ML.SignatureLoadModel),
    "Key To Value Transform",
    KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Turns keys into the values that their column's annotation KeyValues names.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(IHostEnvironment env, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(KeyToValueMappingEstimator)), new KeyToValueMappingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            SchemaShape.Column source = inputSchema.Require(Host, pair.InputColumnName);
            if (!source.IsKey)
            {
                throw Host.ExceptSchemaMismatch(
                    nameof(inputSchema), "input", pair.InputColumnName, "KeyType", source.GetTypeString());
            }

            if (!source.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out SchemaShape.Column values))
            {
                throw Host.ExceptParam(
                    nameof(inputSchema), $"Input column '{pair.InputColumnName}' doesn't contain key values metadata");
            }

            return new SchemaShape.Column(
                pair.OutputColumnName,
                source.Kind,
                values.ItemType,
                values.IsKey,
                source.Annotations.Only(AnnotationUtils.Kinds.SlotNames));
        }));
    }
}

/// <summary>Turns keys into the values that their column's annotation KeyValues names.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";

    internal KeyToValueMappingTransformer(IHostEnvironment env, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(KeyToValueMappingTransformer)), columns)
    {
    }

    private KeyToValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static VersionInfo Version => StandInVersion.Create("KEY2VALT", LoaderSignature);

    internal static KeyToValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new KeyToValueMappingTransformer(env.Register(nameof(KeyToValueMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override void CheckInputColumn(DataViewSchema.Column input, int pair)
    {
        DataViewType values = input.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type;
        Host.Check(values is not null, "Metadata KeyValues does not exist");
        Host.Check(
            input.Type.GetItemType() is KeyDataViewType key && (ulong)values.GetVectorSize() == key.Count,
            "KeyValues metadata size does not match column type key count");
    }

    private protected override DataViewSchema.DetachedColumn OutputColumn(DataViewSchema.Column input, int pair)
    {
        var item = (PrimitiveDataViewType)input.Annotations.Schema[AnnotationUtils.Kinds.KeyValues].Type.GetItemType();
        DataViewType type = input.Type is VectorDataViewType vector ? new VectorDataViewType(item, vector.Dimensions) : item;
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, name => name == AnnotationUtils.Kinds.SlotNames);
        return new DataViewSchema.DetachedColumn(ColumnPairs[pair].OutputColumnName, type, annotations.ToAnnotations());
    }

    private protected override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column input, int pair, out Action disposer)
    {
        disposer = null;
        DataViewType values = input.Annotations.Schema[AnnotationUtils.Kinds.KeyValues].Type.GetItemType();
        Func<DataViewRow, DataViewSchema.Column, Delegate> example =
            input.Type is VectorDataViewType ? MapVector<uint, int> : MapOne<uint, int>;
        return GenericCall.Invoke<Delegate>(example, [input.Type.GetItemType().RawType, values.RawType], row, input);
    }

    private static ValueGetter<TValue> MapOne<TKey, TValue>(DataViewRow row, DataViewSchema.Column input)
        where TKey : struct, INumber<TKey>
    {
        ValueGetter<TKey> get = row.GetGetter<TKey>(input);
        Func<TKey, TValue> map = Map<TKey, TValue>(input);
        TKey key = default;
        return (ref TValue value) =>
        {
            get(ref key);
            value = map(key);
        };
    }

    private static ValueGetter<VBuffer<TValue>> MapVector<TKey, TValue>(DataViewRow row, DataViewSchema.Column input)
        where TKey : struct, INumber<TKey>
    {
        ValueGetter<VBuffer<TKey>> get = row.GetGetter<VBuffer<TKey>>(input);
        Func<TKey, TValue> map = Map<TKey, TValue>(input);
        VBuffer<TKey> keys = default;
        return (ref VBuffer<TValue> values) =>
        {
            get(ref keys);
            VBufferEditor<TValue> editor = VBufferEditor.Create(ref values, keys.Length);
            foreach (KeyValuePair<int, TKey> item in keys.Items(all: true))
            {
                editor.Values[item.Key] = map(item.Value);
            }

            values = editor.Commit();
        };
    }

    private static Func<TKey, TValue> Map<TKey, TValue>(DataViewSchema.Column input)
        where TKey : struct, INumber<TKey>
    {
        VBuffer<TValue> held = default;
        input.GetKeyValues(ref held);
        TValue[] values = [.. held.DenseValues()];
        TValue missing = MissingValue.Of<TValue>();
        return key =>
        {
            ulong index = ulong.CreateChecked(key) - 1;
            return index < (ulong)values.Length ? values[index] : missing;
        };
    }
}

/// <summary>What stands for a missing value of a type: NaN, the empty text, or where there is none the default.</summary>
internal static class MissingValue
{
    public static T Of<T>()
    {
        if (typeof(T) == typeof(float))
        {
            return (T)(object)float.NaN;
        }

        return typeof(T) == typeof(double) ? (T)(object)double.NaN : default;
    }

    public static bool Is<T>(T value) => value switch
    {
        float number => float.IsNaN(number),
        double number => double.IsNaN(number),
        ReadOnlyMemory<char> text => text.IsEmpty,
        _ => false,
    };
}
