using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Reads the class of the row that a cursor stands on, off a key column: values from 1, and 0 for none.</summary>
internal static class ClassReader
{
    /// <summary>Makes what reads the class, from 0; -1 where the label is missing.</summary>
    /// <remarks>
    /// What it makes throws <see cref="InvalidDataException"/>, which names the row, where a key is past the type's count.
    /// </remarks>
    public static Func<int> Create(IExceptionContext context, DataViewRow row, DataViewSchema.Column column)
    {
        KeyDataViewType type = (KeyDataViewType)column.Type;
        ulong count = type.Count;
        if (type.RawType == typeof(byte))
        {
            return Create<byte>(context, row, column, value => value, count);
        }

        if (type.RawType == typeof(ushort))
        {
            return Create<ushort>(context, row, column, value => value, count);
        }

        return type.RawType == typeof(uint)
            ? Create<uint>(context, row, column, value => value, count)
            : Create<ulong>(context, row, column, value => value, count);
    }

    private static Func<int> Create<T>(
        IExceptionContext context, DataViewRow row, DataViewSchema.Column column, Func<T, ulong> number, ulong count)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        Func<string, Exception?, Exception> badRow = (message, cause) => context.BadRow(row, column.Name, message, cause);
        return () =>
        {
            EarlierSteps.Fetch(getter, ref value, badRow);
            ulong key = number(value);
            return key <= count
                ? (int)key - 1
                : throw context.BadRow(row, column.Name, FormattableString.Invariant($"a class is from 1 to {count}. Received: {key}"));
        };
    }
}
