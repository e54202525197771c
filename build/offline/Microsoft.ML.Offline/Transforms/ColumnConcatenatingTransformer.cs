#nullable disable
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: Microsoft.ML.LoadableClass(
    typeof(ColumnConcatenatingTransformer),
    null,
    typeof(Microsoft.ML.SignatureLoadModel),
    "Concat Transform",
    ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Joins columns of one item type into a vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";

    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingTransformer(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
        : base(env.Register(nameof(ColumnConcatenatingTransformer)))
    {
        _output = outputColumnName;
        _inputs = inputColumnNames;
    }

    private static VersionInfo Version => StandInVersion.Create("CONCAT F", LoaderSignature);

    internal static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        string output = ctx.LoadNonEmptyString();
        string[] inputs = [.. Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.LoadNonEmptyString())];
        return new ColumnConcatenatingTransformer(env, output, inputs);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        ctx.SaveNonEmptyString(_output);
        ctx.Writer.Write(_inputs.Length);
        foreach (string input in _inputs)
        {
            ctx.SaveNonEmptyString(input);
        }
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema) =>
        new ConcatenationMapper(inputSchema, _output, [.. _inputs.Select(name => Find(inputSchema, name))]);

    private DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw Host.ExceptSchemaMismatch("inputSchema", "input", name);
        DataViewType expected = schema[_inputs[0]].Type.GetItemType();
        return column.Type.GetItemType().Equals(expected)
            ? column
            : throw Host.ExceptSchemaMismatch("inputSchema", "input", name, expected.ToString(), column.Type.ToString());
    }
}

/// <summary>A concatenation bound to a schema.</summary>
internal sealed class ConcatenationMapper : RowMapper
{
    private readonly DataViewSchema.Column[] _sources;

    public ConcatenationMapper(DataViewSchema schema, string output, DataViewSchema.Column[] sources)
        : base(schema)
    {
        _sources = sources;
        OutputColumns = [OutputColumn(output)];
    }

    public override DataViewSchema.DetachedColumn[] OutputColumns { get; }

    private bool IsIdentity => _sources.Length == 1 && _sources[0].Type is VectorDataViewType;

    public override IEnumerable<int> SourcesOf(int output) => _sources.Select(source => source.Index);

    public override Delegate MakeGetter(DataViewRow input, int output, out Action disposer)
    {
        disposer = null;
        return IsIdentity
            ? input.Untyped(_sources[0])
            : GenericCall.Invoke<Delegate>(
                (Func<DataViewRow, Delegate>)Join<float>, _sources[0].Type.GetItemType().RawType, input);
    }

    private DataViewSchema.DetachedColumn OutputColumn(string name)
    {
        if (IsIdentity)
        {
            return new DataViewSchema.DetachedColumn(name, _sources[0].Type, _sources[0].Annotations);
        }

        bool known = Array.TrueForAll(_sources, source => source.Type.GetValueCount() > 0);
        int size = known ? _sources.Sum(source => source.Type.GetValueCount()) : 0;
        var item = (PrimitiveDataViewType)_sources[0].Type.GetItemType();
        var annotations = new DataViewSchema.Annotations.Builder();
        if (item is NumberDataViewType && Array.TrueForAll(_sources, source => source.IsNormalized()))
        {
            annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        }

        if (known && Array.Exists(_sources, source => source.Type is not VectorDataViewType || source.HasSlotNames()))
        {
            annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
                AnnotationUtils.Kinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, size), GetSlotNames);
        }

        return new DataViewSchema.DetachedColumn(name, new VectorDataViewType(item, size), annotations.ToAnnotations());
    }

    /// <summary>A single value's slot has its column's name, a vector's slot that of its column and its own.</summary>
    private void GetSlotNames(ref VBuffer<ReadOnlyMemory<char>> value)
    {
        var names = new List<ReadOnlyMemory<char>>();
        foreach (DataViewSchema.Column source in _sources)
        {
            if (source.Type is not VectorDataViewType vector)
            {
                names.Add(source.Name.AsMemory());
                continue;
            }

            VBuffer<ReadOnlyMemory<char>> slots = default;
            if (source.HasSlotNames())
            {
                source.GetSlotNames(ref slots);
            }

            names.AddRange(Enumerable.Range(0, vector.Size).Select(i =>
            {
                ReadOnlyMemory<char> slot = slots.Length == 0 ? default : slots.GetItemOrDefault(i);
                return slot.IsEmpty ? slot : $"{source.Name}.{slot}".AsMemory();
            }));
        }

        value = new VBuffer<ReadOnlyMemory<char>>(names.Count, [.. names]);
    }

    private ValueGetter<VBuffer<T>> Join<T>(DataViewRow row)
    {
        ValueGetter<VBuffer<T>>[] parts = [.. _sources.Select(source => Part<T>(row, source))];
        var values = new VBuffer<T>[parts.Length];
        return (ref VBuffer<T> joined) =>
        {
            int length = 0;
            int count = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                parts[i](ref values[i]);
                length = checked(length + values[i].Length);
                count += values[i].GetValues().Length;
            }

            bool sparse = count <= length / 2;
            VBufferEditor<T> editor = VBufferEditor.Create(ref joined, length, sparse ? count : length);
            int offset = 0;
            int at = 0;
            foreach (ref VBuffer<T> value in values.AsSpan())
            {
                if (sparse)
                {
                    ReadOnlySpan<int> indices = value.GetIndices();
                    value.GetValues().CopyTo(editor.Values[at..]);
                    for (int i = 0; i < value.GetValues().Length; i++)
                    {
                        editor.Indices[at++] = offset + (value.IsDense ? i : indices[i]);
                    }
                }
                else
                {
                    value.CopyTo(editor.Values, offset);
                }

                offset += value.Length;
            }

            joined = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<T>> Part<T>(DataViewRow row, DataViewSchema.Column source)
    {
        if (source.Type is VectorDataViewType vector)
        {
            ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(source);
            return (ref VBuffer<T> value) =>
            {
                get(ref value);
                if (vector.Size != 0 && value.Length != vector.Size)
                {
                    throw new InvalidOperationException(
                        $"Column '{source.Name}': expected {vector.Size} slots, but got {value.Length}");
                }
            };
        }

        ValueGetter<T> one = row.GetGetter<T>(source);
        return (ref VBuffer<T> value) =>
        {
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, 1);
            one(ref editor.Values[0]);
            value = editor.Commit();
        };
    }
}
