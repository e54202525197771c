using System.Reflection;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>
/// Classes of a label column that holds their values: texts, Booleans, integers, or whole numbers of Single. Each value is a class; they are in order, texts by
/// their characters, so that the classes do not depend on the order of the rows.
/// </summary>
internal static class MappedLabels
{
    private const BindingFlags Private = BindingFlags.NonPublic | BindingFlags.Static;

    private static readonly PrimitiveDataViewType[] Types =
    [
        TextDataViewType.Instance,
        BooleanDataViewType.Instance,
        NumberDataViewType.SByte,
        NumberDataViewType.Byte,
        NumberDataViewType.Int16,
        NumberDataViewType.UInt16,
        NumberDataViewType.Int32,
        NumberDataViewType.UInt32,
        NumberDataViewType.Int64,
        NumberDataViewType.UInt64,
        NumberDataViewType.Single,
    ];

    /// <summary>Whether values of a type can be classes.</summary>
    public static bool CanMap(DataViewType type) => Array.Exists(Types, mapped => mapped.Equals(type));

    /// <summary>Reads the classes off the rows.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="rows">The rows, which are gone through once for it.</param>
    /// <param name="label">The column.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two classes, or too many.</exception>
    /// <exception cref="InvalidDataException">A value can be none.</exception>
    public static ClassLabels Of(IExceptionContext context, IDataView rows, DataViewSchema.Column label) =>
        (ClassLabels)Call(nameof(Distinct), label.Type, context, rows, label);

    /// <summary>Makes what reads the class of the row that a cursor stands on, from 0; -1 where the label is missing.</summary>
    /// <param name="context">Who reads.</param>
    /// <param name="row">The cursor.</param>
    /// <param name="label">The column.</param>
    /// <param name="classes">The classes.</param>
    public static Func<int> Reader(IExceptionContext context, DataViewRow row, DataViewSchema.Column label, ClassLabels classes) =>
        (Func<int>)Call(nameof(ReaderOf), label.Type, context, row, label, classes);

    private static object Call(string method, DataViewType type, params object[] arguments) => typeof(MappedLabels)
        .GetMethod(method, Private)!
        .MakeGenericMethod(type.RawType)
        .Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null)!;

    private static ClassLabels Distinct<T>(IExceptionContext context, IDataView rows, DataViewSchema.Column label)
    {
        LabelValueType<T> type = (LabelValueType<T>)LabelValueType.Find(label.Type)!;
        Dictionary<string, T> values = new(StringComparer.Ordinal);
        using DataViewRowCursor cursor = rows.GetRowCursor([label]);
        ValueGetter<T> getter = cursor.GetGetter<T>(label);
        Func<string, Exception?, Exception> badRow = (message, cause) => context.BadRow(cursor, label.Name, message, cause);
        T value = default!;
        while (cursor.MoveNext())
        {
            EarlierSteps.Fetch(getter, ref value, badRow);
            if (IsMissing(value))
            {
                continue;
            }

            RequireWhole(value, badRow);
            if (values.TryAdd(type.Format(value), value) && values.Count > ClassLabels.MaximumCount)
            {
                throw context.Mismatch($"The label column \"{label.Name}\" has at most {ClassLabels.MaximumCount} classes, a value each. Received: more.");
            }
        }

        string[] names = typeof(T) == typeof(ReadOnlyMemory<char>)
            ? [.. values.Keys.Order(StringComparer.Ordinal)]
            : [.. values.OrderBy(pair => pair.Value).Select(pair => pair.Key)];
        return names.Length >= 2
            ? new ClassLabels(new KeyDataViewType(typeof(uint), names.Length), type, names)
            : throw context.Mismatch(
                $"The label column \"{label.Name}\" has two classes or more, which a network learns to tell apart. Received: "
                + $"{(names.Length == 0 ? "no label" : $"one class, \"{names[0]}\"")}.");
    }

    private static Func<int> ReaderOf<T>(IExceptionContext context, DataViewRow row, DataViewSchema.Column label, ClassLabels classes)
    {
        LabelValueType<T> type = (LabelValueType<T>)LabelValueType.Find(label.Type)!;
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        foreach (string name in classes.Names)
        {
            numbers.Add(name, numbers.Count);
        }

        ValueGetter<T> getter = row.GetGetter<T>(label);
        Func<string, Exception?, Exception> badRow = (message, cause) => context.BadRow(row, label.Name, message, cause);
        T value = default!;
        return () =>
        {
            EarlierSteps.Fetch(getter, ref value, badRow);
            string name = type.Format(value);
            return IsMissing(value) ? -1
                : numbers.TryGetValue(name, out int number) ? number
                : throw badRow($"a label is one of those of the training data: {NameList.Of(classes.Names)}. Received: {NameList.Of([name])}", null);
        };
    }

    private static bool IsMissing<T>(T value) => value is float.NaN || (value is ReadOnlyMemory<char> text && text.IsEmpty);

    private static void RequireWhole<T>(T value, Func<string, Exception?, Exception> badRow)
    {
        if (value is float number && number != Math.Round(number))
        {
            throw badRow(
                FormattableString.Invariant($"a class is a whole number. Received: {number}; Regression.Trainers.ConvNet predicts such numbers"), null);
        }
    }
}
