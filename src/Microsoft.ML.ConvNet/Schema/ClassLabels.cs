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

    /// <summary>Of how many classes ML.NET's Evaluate makes a table of a gigabyte.</summary>
    public const int ManyForEvaluate = 11_000;

    /// <summary>What is said of so many classes that ML.NET's Evaluate ends for want of memory; null where they are fewer.</summary>
    public string? EvaluateWarning => Count <= ManyForEvaluate ? null : FormattableString.Invariant(
        $"ML.NET's Evaluate makes a table of all classes by all classes, which for {Count} classes takes {8.0 * Count * Count / 1e9:F0} GB; ")
        + "where that is too much, compare PredictedLabel with the label row by row.";

    /// <summary>Classes that nobody named, as keys whose values are the numbers from 0.</summary>
    public static ClassLabels Numbered(KeyDataViewType keyType)
    {
        string[] numbers = [.. Enumerable.Range(0, (int)keyType.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        return new ClassLabels(keyType, LabelValueType.Find(TextDataViewType.Instance), numbers);
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
            throw context.Mismatch(NoClasses(column.Name, column.Type.ToString()!));
        }

        if (key.Count == 1)
        {
            throw context.Mismatch(
                $"The label column \"{column.Name}\" has two classes or more, which a network learns to tell apart. Received: one class"
                + $"{(Named(key, column) is [var only] ? $", \"{only}\"" : string.Empty)}; see whether the rows were cut or filtered before MapValueToKey.");
        }

        if (key.Count is < 2 or > MaximumCount)
        {
            throw context.Mismatch(
                $"The label column \"{column.Name}\" has from 2 to {MaximumCount} classes, as many as its key type has values. "
                + $"Received: {key}, {key.Count} values; use MapValueToKey, or [KeyType(count)] on the member of a row class.");
        }

        return TypeOfValues(key, column) is { } valueType
            ? new ClassLabels(key, valueType, valueType.Read(column.Annotations))
            : new ClassLabels(key, null, null);
    }

    private static string[] Named(KeyDataViewType key, DataViewSchema.Column column) =>
        TypeOfValues(key, column)?.Read(column.Annotations) ?? [];

    private static LabelValueType? TypeOfValues(KeyDataViewType key, DataViewSchema.Column column) =>
        column.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)?.Type is VectorDataViewType vector && (ulong)vector.Size == key.Count
            ? LabelValueType.Find(vector.ItemType)
            : null;

    /// <summary>What is said of a label column of another type.</summary>
    public static string NoClasses(string column, string received) =>
        $"The label column \"{column}\" is a key column, whose values are the classes, or one of texts, Booleans, integers or whole numbers of Single, each of which "
        + $"is a class. Received: {received}; put mlContext.Transforms.Conversion.MapValueToKey(\"{column}\") before the network.";
}
