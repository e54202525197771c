#nullable disable
using System.Numerics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows without NaN and without missing keys in some columns.</summary>
internal sealed class MissingValuesFilter : FilteredDataView
{
    private readonly DataViewSchema.Column[] _columns;

    public MissingValuesFilter(IHostEnvironment env, IDataView source, string[] columns)
        : base(env.Register("MissingValueFilter"), source, [.. columns.Select(name => Find(env, source.Schema, name).Index)])
    {
        _columns = [.. columns.Select(name => source.Schema[name])];
        env.CheckParam(
            columns.Distinct().Count() == columns.Length, "Columns", "Source column specified multiple times");
    }

    protected override Func<bool> MakeTest(DataViewRow row)
    {
        Func<bool>[] tests = [.. _columns.Select(column => MakeTest(row, column))];
        return () => Array.TrueForAll(tests, test => test());
    }

    private static DataViewSchema.Column Find(IHostEnvironment env, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw env.ExceptParam("Columns", $"Source column '{name}' not found");
        DataViewType item = column.Type.GetItemType();
        bool canMiss = item == NumberDataViewType.Single || item == NumberDataViewType.Double || item is KeyDataViewType;
        env.CheckParam(
            canMiss,
            "Columns",
            $"Column '{name}' has type {column.Type} which does not support missing values, so we cannot filter on them");
        return column;
    }

    private static Func<bool> MakeTest(DataViewRow row, DataViewSchema.Column column)
    {
        bool isVector = column.Type is VectorDataViewType;
        Func<DataViewRow, DataViewSchema.Column, Func<bool>> example = isVector ? VectorTest<float> : ScalarTest<float>;
        return GenericCall.Invoke<Func<bool>>(example, column.Type.GetItemType().RawType, row, column);
    }

    private static bool IsPresent<T>(T value, ulong keys)
        where T : struct, INumber<T> =>
        keys == 0 ? !T.IsNaN(value) : !T.IsZero(value) && ulong.CreateChecked(value) <= keys;

    private static Func<bool> ScalarTest<T>(DataViewRow row, DataViewSchema.Column column)
        where T : struct, INumber<T>
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        ulong keys = column.Type.GetKeyCount();
        T value = default;
        return () =>
        {
            get(ref value);
            return IsPresent(value, keys);
        };
    }

    private static Func<bool> VectorTest<T>(DataViewRow row, DataViewSchema.Column column)
        where T : struct, INumber<T>
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
        ulong keys = column.Type.GetItemType().GetKeyCount();
        VBuffer<T> value = default;
        return () =>
        {
            get(ref value);
            foreach (T item in value.GetValues())
            {
                if (!IsPresent(item, keys))
                {
                    return false;
                }
            }

            return keys == 0 || value.IsDense;
        };
    }
}
