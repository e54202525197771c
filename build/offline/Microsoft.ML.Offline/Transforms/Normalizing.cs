#nullable disable
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(NormalizingTransformer),
    null,
    typeof(Microsoft.ML.SignatureLoadModel),
    "Normalizer",
    NormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Scales each slot by the lowest and highest value seen in it.</summary>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly IHost _host;
    private readonly (string OutputColumnName, string InputColumnName)[] _columns;
    private readonly long _maximumExampleCount;
    private readonly bool _fixZero;

    internal NormalizingEstimator(
        IHostEnvironment env,
        (string OutputColumnName, string InputColumnName)[] columns,
        long maximumExampleCount,
        bool fixZero)
    {
        _host = env.Register(nameof(NormalizingEstimator));
        _host.CheckParam(maximumExampleCount > 1, nameof(maximumExampleCount), "Must be greater than 1");
        _columns = columns;
        _maximumExampleCount = maximumExampleCount;
        _fixZero = fixZero;
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        DataViewSchema.Column[] sources = [.. _columns.Select(pair => input.Schema.GetColumnOrNull(pair.InputColumnName)
            ?? throw _host.ExceptSchemaMismatch("inputSchema", "input", pair.InputColumnName))];
        SlotRange[] ranges = [.. sources.Select(source => new SlotRange(source.Type.GetValueCount()))];
        using DataViewRowCursor cursor = input.GetRowCursor(sources);
        Action[] readers = [.. sources.Select((source, i) => ranges[i].Reader(cursor, source))];
        for (long row = 0; row < _maximumExampleCount && cursor.MoveNext(); row++)
        {
            foreach (Action read in readers)
            {
                read();
            }
        }

        return new NormalizingTransformer(_host, _columns, [.. ranges.Select(range => range.ToScales(_fixZero))]);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(_columns.Select(pair =>
        {
            SchemaShape.Column source = inputSchema.Require(_host, pair.InputColumnName);
            bool isReal = source.ItemType == NumberDataViewType.Single || source.ItemType == NumberDataViewType.Double;
            if (source.Kind == SchemaShape.Column.VectorKind.VariableVector)
            {
                throw _host.ExceptSchemaMismatch(
                    nameof(inputSchema), "input", source.Name, "fixed-size vector or scalar", source.GetTypeString());
            }

            if (!isReal)
            {
                throw _host.ExceptSchemaMismatch(
                    nameof(inputSchema), "input", source.Name, "vector or scalar of Single or Double", source.GetTypeString());
            }

            var normalized = new SchemaShape.Column(
                AnnotationUtils.Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false);
            return new SchemaShape.Column(
                pair.OutputColumnName,
                source.Kind,
                source.ItemType,
                false,
                new SchemaShape(source.Annotations.Only(AnnotationUtils.Kinds.SlotNames).Append(normalized)));
        }));
    }

    /// <summary>The lowest and highest value of each slot; NaN counts for neither.</summary>
    private sealed class SlotRange(int slots)
    {
        private readonly double[] _lowest = [.. Enumerable.Repeat(double.PositiveInfinity, slots)];
        private readonly double[] _highest = [.. Enumerable.Repeat(double.NegativeInfinity, slots)];

        public Action Reader(DataViewRow row, DataViewSchema.Column column)
        {
            Func<DataViewRow, DataViewSchema.Column, Action> example =
                column.Type is VectorDataViewType ? VectorReader<float> : ScalarReader<float>;
            return GenericCall.Invoke<Action>(example, column.Type.GetItemType().RawType, row, column);
        }

        public (double Scale, double Offset)[] ToScales(bool fixZero) => [.. _lowest.Select((low, slot) =>
        {
            double high = _highest[slot];
            if (!(high > low))
            {
                return (0.0, 0.0);
            }

            return fixZero ? (1 / Math.Max(Math.Abs(high), Math.Abs(low)), 0.0) : (1 / (high - low), low);
        })];

        private Action ScalarReader<T>(DataViewRow row, DataViewSchema.Column column)
            where T : struct, INumber<T>
        {
            ValueGetter<T> get = row.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                get(ref value);
                Take(0, double.CreateChecked(value));
            };
        }

        private Action VectorReader<T>(DataViewRow row, DataViewSchema.Column column)
            where T : struct, INumber<T>
        {
            ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> values = default;
            return () =>
            {
                get(ref values);
                foreach (KeyValuePair<int, T> item in values.Items(all: true))
                {
                    Take(item.Key, double.CreateChecked(item.Value));
                }
            };
        }

        private void Take(int slot, double value)
        {
            _lowest[slot] = value < _lowest[slot] ? value : _lowest[slot];
            _highest[slot] = value > _highest[slot] ? value : _highest[slot];
        }
    }
}

/// <summary>Takes an offset from each slot and multiplies it with a scale.</summary>
public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "Normalizer";

    private readonly (double Scale, double Offset)[][] _scales;

    internal NormalizingTransformer(
        IHostEnvironment env, (string OutputColumnName, string InputColumnName)[] columns, (double Scale, double Offset)[][] scales)
        : base(env.Register(nameof(NormalizingTransformer)), columns) => _scales = scales;

    private NormalizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx) => _scales = [.. ColumnPairs.Select(_ => Enumerable.Range(0, ctx.Reader.ReadInt32())
            .Select(_ => (ctx.Reader.ReadDouble(), ctx.Reader.ReadDouble())).ToArray())];

    private static VersionInfo Version => StandInVersion.Create("NORMALZR", LoaderSignature);

    internal static NormalizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new NormalizingTransformer(env.Register(nameof(NormalizingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach ((double Scale, double Offset)[] scales in _scales)
        {
            ctx.Writer.Write(scales.Length);
            foreach ((double scale, double offset) in scales)
            {
                ctx.Writer.Write(scale);
                ctx.Writer.Write(offset);
            }
        }
    }

    private protected override void CheckInputColumn(DataViewSchema.Column input, int pair)
    {
        DataViewType item = input.Type.GetItemType();
        bool fits = (item == NumberDataViewType.Single || item == NumberDataViewType.Double)
            && input.Type.GetValueCount() == _scales[pair].Length;
        if (!fits)
        {
            throw Host.ExceptSchemaMismatch(
                "inputSchema", "input", input.Name, $"Single or Double, {_scales[pair].Length} slots", input.Type.ToString());
        }
    }

    private protected override DataViewSchema.DetachedColumn OutputColumn(DataViewSchema.Column input, int pair)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        annotations.Add(input.Annotations, name => name == AnnotationUtils.Kinds.SlotNames);
        return new DataViewSchema.DetachedColumn(ColumnPairs[pair].OutputColumnName, input.Type, annotations.ToAnnotations());
    }

    private protected override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column input, int pair, out Action disposer)
    {
        disposer = null;
        Func<DataViewRow, DataViewSchema.Column, (double Scale, double Offset)[], Delegate> example =
            input.Type is VectorDataViewType ? ScaleVector<float> : ScaleOne<float>;
        return GenericCall.Invoke<Delegate>(example, input.Type.GetItemType().RawType, row, input, _scales[pair]);
    }

    private static ValueGetter<T> ScaleOne<T>(DataViewRow row, DataViewSchema.Column input, (double Scale, double Offset)[] scales)
        where T : struct, INumber<T>
    {
        ValueGetter<T> get = row.GetGetter<T>(input);
        (T scale, T offset) = (T.CreateChecked(scales[0].Scale), T.CreateChecked(scales[0].Offset));
        return (ref T value) =>
        {
            get(ref value);
            value = (value - offset) * scale;
        };
    }

    private static ValueGetter<VBuffer<T>> ScaleVector<T>(
        DataViewRow row, DataViewSchema.Column input, (double Scale, double Offset)[] scales)
        where T : struct, INumber<T>
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(input);
        (T Scale, T Offset)[] typed = [.. scales.Select(x => (T.CreateChecked(x.Scale), T.CreateChecked(x.Offset)))];
        bool keepsZero = Array.TrueForAll(typed, x => x.Offset == T.Zero);
        VBuffer<T> source = default;
        return (ref VBuffer<T> value) =>
        {
            get(ref source);
            bool sparse = keepsZero && !source.IsDense;
            VBufferEditor<T> editor = VBufferEditor.Create(
                ref value, source.Length, sparse ? source.GetValues().Length : source.Length);
            if (sparse)
            {
                source.GetIndices().CopyTo(editor.Indices);
                source.GetValues().CopyTo(editor.Values);
            }
            else
            {
                source.CopyTo(editor.Values);
            }

            for (int i = 0; i < editor.Values.Length; i++)
            {
                (T scale, T offset) = typed[sparse ? editor.Indices[i] : i];
                editor.Values[i] = (editor.Values[i] - offset) * scale;
            }

            value = editor.Commit();
        };
    }
}
