using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Schema;

/// <summary>The classes as the label column has them: the key type, and its values where it has some.</summary>
internal sealed class ClassLabels
{
    /// <summary>The most classes; a key type of more is one whose count was never set.</summary>
    public const int MaximumCount = 1 << 20;

    /// <summary>Makes classes of what a model file says.</summary>
    public ClassLabels(KeyDataViewType keyType, LabelValueType? valueType, IReadOnlyList<string>? values)
    {
        KeyType = keyType;
        ValueType = valueType;
        Values = values;
        Names = values ?? [.. Enumerable.Range(0, Count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The type of the label column, and of the predicted labels.</summary>
    public KeyDataViewType KeyType { get; }

    /// <summary>The type of the key values; null where the label column has none.</summary>
    public LabelValueType? ValueType { get; }

    /// <summary>The key values as texts; null where the label column has none.</summary>
    public IReadOnlyList<string>? Values { get; }

    /// <summary>A name for each class.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The number of classes.</summary>
    public int Count => (int)KeyType.Count;

    /// <summary>Reads the classes off a label column.</summary>
    public static ClassLabels Of(IExceptionContext context, DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType key)
        {
            throw context.Mismatch(NotAKey(column.Name, column.Type.ToString()!));
        }

        if (key.Count is < 2 or > MaximumCount)
        {
            throw context.Mismatch(
                $"The label column \"{column.Name}\" has from 2 to {MaximumCount} classes, as many as its key type has values. "
                + $"Received: {key}, {key.Count} values; use MapValueToKey, or [KeyType(count)] on the member of a row class.");
        }

        DataViewSchema.Column? values = column.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues);
        return values?.Type is VectorDataViewType vector
            && (ulong)vector.Size == key.Count
            && LabelValueType.Find(vector.ItemType) is { } valueType
            ? new ClassLabels(key, valueType, valueType.Read(column.Annotations))
            : new ClassLabels(key, null, null);
    }

    /// <summary>What is said of a label column of another type.</summary>
    public static string NotAKey(string column, string received) =>
        $"The label column \"{column}\" is a key column, whose values are the classes. Received: {received}; "
        + $"put mlContext.Transforms.Conversion.MapValueToKey(\"{column}\") before the network.";
}
