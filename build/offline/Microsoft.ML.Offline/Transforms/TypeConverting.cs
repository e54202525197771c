#nullable disable
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(TypeConvertingTransformer),
    null,
    typeof(Microsoft.ML.SignatureLoadModel),
    "Convert Transform",
    TypeConvertingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Converts columns to another primitive type.</summary>
public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    internal TypeConvertingEstimator(
        IHostEnvironment env, DataKind outputKind, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(TypeConvertingEstimator)), new TypeConvertingTransformer(env, outputKind, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            SchemaShape.Column source = inputSchema.Require(Host, pair.InputColumnName);
            PrimitiveDataViewType target = ColumnTypeExtensions.PrimitiveTypeFromKind(Transformer.OutputKind);
            Host.CheckParam(
                StandardConversions.Exists(source.ItemType.RawType, target.RawType),
                nameof(inputSchema),
                $"Don't know how to convert {pair.InputColumnName} into {target}");
            return new SchemaShape.Column(pair.OutputColumnName, source.Kind, target, false, source.Annotations);
        }));
    }
}

/// <summary>Converts columns to another primitive type.</summary>
public sealed class TypeConvertingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ConvertTransform";

    internal TypeConvertingTransformer(
        IHostEnvironment env, DataKind outputKind, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register("Convert"), columns) => OutputKind = outputKind;

    private TypeConvertingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx) => OutputKind = (DataKind)ctx.Reader.ReadByte();

    internal DataKind OutputKind { get; }

    private static VersionInfo Version => StandInVersion.Create("CONVERTF", LoaderSignature);

    internal static TypeConvertingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new TypeConvertingTransformer(env.Register("Convert"), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write((byte)OutputKind);
    }

    private protected override void CheckInputColumn(DataViewSchema.Column input, int pair)
    {
        PrimitiveDataViewType plain = ColumnTypeExtensions.PrimitiveTypeFromKind(OutputKind);
        bool convertible = input.Type.GetItemType() is PrimitiveDataViewType source
            && StandardConversions.Exists(source.RawType, plain.RawType)
            && (source is not KeyDataViewType || KeyDataViewType.IsValidDataType(plain.RawType));
        Host.CheckParam(
            convertible,
            "inputSchema",
            $"source column '{input.Name}' with item type '{input.Type}' is not compatible with destination type '{plain}'");
    }

    private protected override DataViewSchema.DetachedColumn OutputColumn(DataViewSchema.Column input, int pair)
    {
        DataViewType source = input.Type.GetItemType();
        PrimitiveDataViewType item = TargetOf(source);
        DataViewType type = input.Type is VectorDataViewType vector ? new VectorDataViewType(item, vector.Dimensions) : item;
        bool numbers = source is NumberDataViewType && item is NumberDataViewType;
        bool sameKeys = source is KeyDataViewType from && item is KeyDataViewType to && from.Count == to.Count;
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, name =>
            (name == AnnotationUtils.Kinds.SlotNames && type.IsKnownSizeVector())
            || (name == AnnotationUtils.Kinds.KeyValues && sameKeys)
            || (name == AnnotationUtils.Kinds.IsNormalized && numbers));
        if (input.Type is BooleanDataViewType && item is NumberDataViewType)
        {
            annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        }

        return new DataViewSchema.DetachedColumn(ColumnPairs[pair].OutputColumnName, type, annotations.ToAnnotations());
    }

    private protected override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column input, int pair, out Action disposer)
    {
        disposer = null;
        DataViewType source = input.Type.GetItemType();
        Func<DataViewRow, DataViewSchema.Column, Delegate> example =
            input.Type is VectorDataViewType ? ConvertVector<int, float> : ConvertOne<int, float>;
        return GenericCall.Invoke<Delegate>(example, [source.RawType, TargetOf(source).RawType], row, input);
    }

    private static ValueGetter<TTo> ConvertOne<TFrom, TTo>(DataViewRow row, DataViewSchema.Column input)
    {
        ValueGetter<TFrom> get = row.GetGetter<TFrom>(input);
        Func<TFrom, TTo> convert = StandardConversions.Find<TFrom, TTo>();
        TFrom from = default;
        return (ref TTo to) =>
        {
            get(ref from);
            to = convert(from);
        };
    }

    private static ValueGetter<VBuffer<TTo>> ConvertVector<TFrom, TTo>(DataViewRow row, DataViewSchema.Column input)
    {
        ValueGetter<VBuffer<TFrom>> get = row.GetGetter<VBuffer<TFrom>>(input);
        Func<TFrom, TTo> convert = StandardConversions.Find<TFrom, TTo>();
        VBuffer<TFrom> from = default;
        return (ref VBuffer<TTo> to) =>
        {
            get(ref from);
            VBufferEditor<TTo> editor = VBufferEditor.Create(ref to, from.Length, from.GetValues().Length);
            from.GetIndices().CopyTo(editor.Indices);
            for (int i = 0; i < editor.Values.Length; i++)
            {
                editor.Values[i] = convert(from.GetValues()[i]);
            }

            to = editor.Commit();
        };
    }

    private PrimitiveDataViewType TargetOf(DataViewType source)
    {
        PrimitiveDataViewType plain = ColumnTypeExtensions.PrimitiveTypeFromKind(OutputKind);
        if (source is not KeyDataViewType key)
        {
            return plain;
        }

        ulong most = Type.GetTypeCode(plain.RawType) switch
        {
            TypeCode.Byte => byte.MaxValue,
            TypeCode.UInt16 => ushort.MaxValue,
            TypeCode.UInt32 => uint.MaxValue,
            _ => ulong.MaxValue,
        };
        return new KeyDataViewType(plain.RawType, Math.Min(key.Count, most));
    }
}
