using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Schema;

/// <summary>A type of key values: how they are read from a column, written as text, and read back.</summary>
internal abstract class LabelValueType
{
    private static readonly LabelValueType[] All =
    [
        new LabelValueType<ReadOnlyMemory<char>>("Text", TextDataViewType.Instance, value => value.ToString(), text => text.AsMemory()),
        new LabelValueType<bool>("Boolean", BooleanDataViewType.Instance, value => value ? "true" : "false", bool.Parse),
        Number<sbyte>("SByte", NumberDataViewType.SByte),
        Number<byte>("Byte", NumberDataViewType.Byte),
        Number<short>("Int16", NumberDataViewType.Int16),
        Number<ushort>("UInt16", NumberDataViewType.UInt16),
        Number<int>("Int32", NumberDataViewType.Int32),
        Number<uint>("UInt32", NumberDataViewType.UInt32),
        Number<long>("Int64", NumberDataViewType.Int64),
        Number<ulong>("UInt64", NumberDataViewType.UInt64),
        Number<float>("Single", NumberDataViewType.Single, "R"),
        Number<double>("Double", NumberDataViewType.Double, "R"),
        Moment("DateTime", DateTimeDataViewType.Instance, "O", text => DateTime.Parse(text, Invariant, DateTimeStyles.RoundtripKind)),
        Moment("DateTimeOffset", DateTimeOffsetDataViewType.Instance, "O", text => DateTimeOffset.Parse(text, Invariant)),
        Moment("TimeSpan", TimeSpanDataViewType.Instance, "c", text => TimeSpan.Parse(text, Invariant)),
    ];

    private protected LabelValueType(string name, PrimitiveDataViewType itemType)
    {
        Name = name;
        ItemType = itemType;
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    /// <summary>What it is called in a model file.</summary>
    public string Name { get; }

    /// <summary>The type of one value.</summary>
    public PrimitiveDataViewType ItemType { get; }

    /// <summary>The type by that of a value; null where there is none.</summary>
    public static LabelValueType? Find(DataViewType itemType) => Array.Find(All, type => type.ItemType.Equals(itemType));

    /// <summary>The type by its name in a model file; null where there is none.</summary>
    public static LabelValueType? Find(string name) => Array.Find(All, type => type.Name == name);

    /// <summary>The key values of a column, as texts.</summary>
    public abstract string[] Read(DataViewSchema.Annotations annotations);

    /// <summary>Adds the values as an annotation.</summary>
    /// <exception cref="FormatException">A text is no value of this type.</exception>
    public abstract void Add(DataViewSchema.Annotations.Builder annotations, string name, IReadOnlyList<string> texts);

    private static LabelValueType<T> Number<T>(string name, PrimitiveDataViewType type, string? format = null)
        where T : IParsable<T>, IFormattable =>
        new(name, type, value => value.ToString(format, Invariant), text => T.Parse(text, Invariant));

    private static LabelValueType<T> Moment<T>(string name, PrimitiveDataViewType type, string format, Func<string, T> parse)
        where T : IFormattable =>
        new(name, type, value => value.ToString(format, Invariant), parse);
}

/// <summary>A type of key values whose raw type is <typeparamref name="T"/>.</summary>
internal sealed class LabelValueType<T>(string name, PrimitiveDataViewType itemType, Func<T, string> format, Func<string, T> parse)
    : LabelValueType(name, itemType)
{
    /// <summary>A value as a text.</summary>
    public string Format(T value) => format(value);

    public override string[] Read(DataViewSchema.Annotations annotations)
    {
        VBuffer<T> values = default;
        annotations.GetValue(AnnotationNames.KeyValues, ref values);
        return [.. values.DenseValues().Select(format)];
    }

    public override void Add(DataViewSchema.Annotations.Builder annotations, string name, IReadOnlyList<string> texts)
    {
        T[] values = [.. texts.Select(parse)];
        annotations.Add(
            name,
            new VectorDataViewType(ItemType, values.Length),
            (ref VBuffer<T> target) => new VBuffer<T>(values.Length, values).CopyTo(ref target));
    }
}
