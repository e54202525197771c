#nullable disable

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Finds the columns that play a role in training or evaluation, and reads labels.</summary>
internal static class RoleColumns
{
    /// <summary>The visible column of a name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public static DataViewSchema.Column RequireColumn(this IHostEnvironment host, DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw host.ExceptParam(nameof(schema), $"{name} column '{role}' not found");

    /// <summary>A getter of a label as a class number from 0 or as the number itself; NaN where it is missing.</summary>
    public static ValueGetter<float> GetLabelGetter(DataViewRow row, DataViewSchema.Column label)
    {
        switch (label.Type)
        {
            case KeyDataViewType { RawType: var raw } when raw == typeof(byte):
                return KeyGetter<byte>(row, label, key => key);
            case KeyDataViewType { RawType: var raw } when raw == typeof(ushort):
                return KeyGetter<ushort>(row, label, key => key);
            case KeyDataViewType { RawType: var raw } when raw == typeof(uint):
                return KeyGetter<uint>(row, label, key => key);
            case KeyDataViewType:
                return KeyGetter<ulong>(row, label, key => key);
            default:
                return row.GetGetter<float>(label);
        }
    }

    private static ValueGetter<float> KeyGetter<TKey>(DataViewRow row, DataViewSchema.Column label, Func<TKey, ulong> widen)
    {
        ValueGetter<TKey> get = row.GetGetter<TKey>(label);
        ulong count = label.Type.GetKeyCount();
        TKey key = default;
        return (ref float value) =>
        {
            get(ref key);
            ulong wide = widen(key);
            value = wide == 0 || wide > count ? float.NaN : wide - 1;
        };
    }
}
