#nullable disable
using System.Numerics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows in which a number, or the place of a key among all keys from 0 to 1, lies in a range.</summary>
internal sealed class RangeFilter : FilteredDataView
{
    private readonly DataViewSchema.Column _column;
    private readonly ValueRange _range;

    public RangeFilter(IHostEnvironment env, IDataView source, DataViewSchema.Column column, ValueRange range)
        : base(env.Register("RangeFilter"), source, column.Index)
    {
        bool usable = column.Type == NumberDataViewType.Single
            || column.Type == NumberDataViewType.Double
            || column.Type is KeyDataViewType;
        Host.CheckParam(usable, nameof(column), $"Column '{column.Name}' does not have compatible type");
        _column = column;
        _range = range;
    }

    protected override Func<bool> MakeTest(DataViewRow row) => GenericCall.Invoke<Func<bool>>(
        (Func<DataViewRow, Func<bool>>)MakeTest<double>, _column.Type.RawType, row);

    private Func<bool> MakeTest<T>(DataViewRow row)
        where T : struct, INumber<T>
    {
        ValueGetter<T> get = row.GetGetter<T>(_column);
        ulong count = _column.Type.GetKeyCount();
        T value = default;
        return () =>
        {
            get(ref value);
            double number = double.CreateChecked(value);
            if (count == 0)
            {
                return _range.Contains(number);
            }

            return number >= 1 && number <= count && _range.Contains((number - 0.5) / count);
        };
    }
}
