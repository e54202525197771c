using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Reads the class of the row that a cursor stands on, off a key column: values from 1, and 0 for none.</summary>
internal static class ClassReader
{
    /// <summary>Makes what reads the class, from 0; -1 where the label is missing, or past the key type's count.</summary>
    public static Func<int> Create(DataViewRow row, DataViewSchema.Column column)
    {
        KeyDataViewType type = (KeyDataViewType)column.Type;
        ulong count = type.Count;
        if (type.RawType == typeof(byte))
        {
            return Create<byte>(row, column, value => value, count);
        }

        if (type.RawType == typeof(ushort))
        {
            return Create<ushort>(row, column, value => value, count);
        }

        return type.RawType == typeof(uint)
            ? Create<uint>(row, column, value => value, count)
            : Create<ulong>(row, column, value => value, count);
    }

    private static Func<int> Create<T>(DataViewRow row, DataViewSchema.Column column, Func<T, ulong> number, ulong count)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            ulong key = number(value);
            return key >= 1 && key <= count ? (int)(key - 1) : -1;
        };
    }
}
