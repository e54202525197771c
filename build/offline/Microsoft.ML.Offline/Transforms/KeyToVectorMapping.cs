#nullable disable
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(KeyToVectorMappingTransformer),
    null,
    typeof(Microsoft.ML.SignatureLoadModel),
    "KeyToVectorTransform",
    KeyToVectorMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Turns keys into indicator vectors, or vectors of keys into counts.</summary>
public sealed class KeyToVectorMappingEstimator : TrivialEstimator<KeyToVectorMappingTransformer>
{
    internal KeyToVectorMappingEstimator(
        IHostEnvironment env, bool outputCountVector, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(
            env.Register(nameof(KeyToVectorMappingEstimator)),
            new KeyToVectorMappingTransformer(env, outputCountVector, columns))
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
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", pair.InputColumnName);
            }

            const SchemaShape.Column.VectorKind Scalar = SchemaShape.Column.VectorKind.Scalar;
            const SchemaShape.Column.VectorKind Vector = SchemaShape.Column.VectorKind.Vector;
            bool isScalar = source.Kind == Scalar;
            var annotations = new List<SchemaShape.Column>();
            if (source.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out SchemaShape.Column values)
                && source.Kind != SchemaShape.Column.VectorKind.VariableVector
                && values.ItemType is TextDataViewType)
            {
                annotations.Add(new SchemaShape.Column(AnnotationUtils.Kinds.SlotNames, Vector, values.ItemType, false));
            }

            if (!Transformer.OutputCountVector || isScalar)
            {
                annotations.Add(new SchemaShape.Column(
                    AnnotationUtils.Kinds.IsNormalized, Scalar, BooleanDataViewType.Instance, false));
            }

            return new SchemaShape.Column(
                pair.OutputColumnName,
                source.Kind == SchemaShape.Column.VectorKind.VariableVector && !Transformer.OutputCountVector ? source.Kind : Vector,
                NumberDataViewType.Single,
                false,
                new SchemaShape(annotations));
        }));
    }
}

/// <summary>Turns keys into indicator vectors, or vectors of keys into counts.</summary>
public sealed class KeyToVectorMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToVectorTransform";

    internal KeyToVectorMappingTransformer(
        IHostEnvironment env, bool outputCountVector, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(KeyToVectorMappingTransformer)), columns) => OutputCountVector = outputCountVector;

    private KeyToVectorMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx) => OutputCountVector = ctx.Reader.ReadBoolean();

    internal bool OutputCountVector { get; }

    private static VersionInfo Version => StandInVersion.Create("KEY2VECT", LoaderSignature);

    internal static KeyToVectorMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new KeyToVectorMappingTransformer(env.Register(nameof(KeyToVectorMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(OutputCountVector);
    }

    private protected override void CheckInputColumn(DataViewSchema.Column input, int pair)
    {
        if (input.Type.GetItemType() is not KeyDataViewType)
        {
            throw Host.ExceptSchemaMismatch(
                "inputSchema", "input", input.Name, "Key type of known cardinality", input.Type.ToString());
        }
    }

    private protected override DataViewSchema.DetachedColumn OutputColumn(DataViewSchema.Column input, int pair)
    {
        int keys = ((KeyDataViewType)input.Type.GetItemType()).GetCountAsInt32();
        int values = input.Type.GetValueCount();
        VectorDataViewType type = OutputCountVector || values == 1
            ? new VectorDataViewType(NumberDataViewType.Single, keys)
            : new VectorDataViewType(NumberDataViewType.Single, values, keys);
        var annotations = new DataViewSchema.Annotations.Builder();
        if (HasTextKeyValues(input, keys) && type.Size > 0)
        {
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> names = OutputCountVector || input.Type is PrimitiveDataViewType
                ? (ref VBuffer<ReadOnlyMemory<char>> value) => input.GetKeyValues(ref value)
                : (ref VBuffer<ReadOnlyMemory<char>> value) => GetIndicatorNames(input, ref value);
            annotations.Add(
                AnnotationUtils.Kinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, type.Dimensions), names);
        }

        if (!OutputCountVector || input.Type is PrimitiveDataViewType)
        {
            annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        }

        return new DataViewSchema.DetachedColumn(ColumnPairs[pair].OutputColumnName, type, annotations.ToAnnotations());
    }

    private protected override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column input, int pair, out Action disposer)
    {
        disposer = null;
        Func<DataViewRow, DataViewSchema.Column, Delegate> example =
            input.Type is not VectorDataViewType ? MapOne<uint> : OutputCountVector ? Count<uint> : Indicate<uint>;
        return GenericCall.Invoke<Delegate>(example, input.Type.GetItemType().RawType, row, input);
    }

    private static bool HasTextKeyValues(DataViewSchema.Column input, int keys) =>
        input.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type is VectorDataViewType names
        && names.ItemType is TextDataViewType
        && names.Size == keys;

    /// <summary>The name of the slot, or its number in brackets, and the name of the key.</summary>
    private static void GetIndicatorNames(DataViewSchema.Column input, ref VBuffer<ReadOnlyMemory<char>> value)
    {
        VBuffer<ReadOnlyMemory<char>> keys = default;
        input.GetKeyValues(ref keys);
        VBuffer<ReadOnlyMemory<char>> slots = default;
        if (input.HasSlotNames())
        {
            input.GetSlotNames(ref slots);
        }

        ReadOnlyMemory<char>[] names = [.. Enumerable.Range(0, input.Type.GetVectorSize()).SelectMany(i =>
        {
            ReadOnlyMemory<char> slot = slots.Length == 0 ? default : slots.GetItemOrDefault(i);
            string prefix = slot.IsEmpty ? $"[{i}]" : slot.ToString();
            return keys.DenseValues().Select(key => $"{prefix}.{key}".AsMemory());
        })];
        value = new VBuffer<ReadOnlyMemory<char>>(names.Length, names);
    }

    private static ValueGetter<VBuffer<float>> MapOne<TKey>(DataViewRow row, DataViewSchema.Column input)
        where TKey : struct, INumber<TKey>
    {
        ValueGetter<TKey> get = row.GetGetter<TKey>(input);
        int size = ((KeyDataViewType)input.Type).GetCountAsInt32();
        TKey key = default;
        return (ref VBuffer<float> value) =>
        {
            get(ref key);
            ulong index = ulong.CreateChecked(key) - 1;
            bool present = index < (ulong)size;
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, size, present ? 1 : 0, requireIndicesOnDense: true);
            if (present)
            {
                editor.Values[0] = 1;
                editor.Indices[0] = (int)index;
            }

            value = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<float>> Count<TKey>(DataViewRow row, DataViewSchema.Column input)
        where TKey : struct, INumber<TKey>
    {
        ValueGetter<VBuffer<TKey>> get = row.GetGetter<VBuffer<TKey>>(input);
        int size = ((KeyDataViewType)input.Type.GetItemType()).GetCountAsInt32();
        VBuffer<TKey> keys = default;
        return (ref VBuffer<float> value) =>
        {
            get(ref keys);
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, size);
            editor.Values.Clear();
            foreach (TKey key in keys.GetValues())
            {
                ulong index = ulong.CreateChecked(key) - 1;
                if (index < (ulong)size)
                {
                    editor.Values[(int)index]++;
                }
            }

            value = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<float>> Indicate<TKey>(DataViewRow row, DataViewSchema.Column input)
        where TKey : struct, INumber<TKey>
    {
        ValueGetter<VBuffer<TKey>> get = row.GetGetter<VBuffer<TKey>>(input);
        int size = ((KeyDataViewType)input.Type.GetItemType()).GetCountAsInt32();
        VBuffer<TKey> keys = default;
        return (ref VBuffer<float> value) =>
        {
            get(ref keys);
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, checked(size * keys.Length));
            editor.Values.Clear();
            foreach (KeyValuePair<int, TKey> item in keys.Items())
            {
                ulong index = ulong.CreateChecked(item.Value) - 1;
                if (index < (ulong)size)
                {
                    editor.Values[(item.Key * size) + (int)index] = 1;
                }
            }

            value = editor.Commit();
        };
    }
}
