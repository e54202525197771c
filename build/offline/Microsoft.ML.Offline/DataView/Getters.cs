#nullable disable
namespace Microsoft.ML.Data;

/// <summary>Getters whose value type is known only at run time.</summary>
internal static class Getters
{
    public const string NotAtRow =
        "Values cannot be fetched at this time. This method was called either before the first call to MoveNext, or at any point after MoveNext returned false.";

    /// <summary>The getter as one of <typeparamref name="TValue"/>, or ML.NET's error where it is of another type.</summary>
    public static ValueGetter<TValue> Cast<TValue>(Delegate getter) => getter as ValueGetter<TValue>
        ?? throw new InvalidOperationException(
            $"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");

    /// <summary>The getter of a column, whatever its type.</summary>
    public static Delegate Untyped(this DataViewRow row, DataViewSchema.Column column) =>
        GenericCall.Invoke<Delegate>(
            (Func<DataViewRow, DataViewSchema.Column, Delegate>)GetGetter<int>, column.Type.RawType, row, column);

    /// <summary>Which columns of a schema are asked for.</summary>
    public static bool[] Activate(this DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[schema.Count];
        foreach (DataViewSchema.Column column in columns ?? [])
        {
            if (column.Index >= active.Length)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(columns), $"Column '{column.Name}' has index {column.Index}, the schema has {active.Length} columns.");
            }

            active[column.Index] = true;
        }

        return active;
    }

    private static Delegate GetGetter<TValue>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<TValue>(column);
}
