using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Reads what the row that a cursor stands on counts, off a column of numbers.</summary>
internal static class WeightReader
{
    /// <summary>Whether a column of a type can hold weights.</summary>
    public static bool CanRead(DataViewType type) => type == NumberDataViewType.Single;

    /// <summary>What is said of a column of another type.</summary>
    public static string WrongType(string column, string received) =>
        $"The weight column \"{column}\" holds numbers of Single. Received: {received}; "
        + $"use mlContext.Transforms.Conversion.ConvertType(\"{column}\") before the network.";

    /// <summary>Makes what reads the weight; 1 where there is no column of them.</summary>
    /// <remarks>What it makes throws where a weight is not finite, or less than 0.</remarks>
    public static Func<float> Create(IExceptionContext context, DataViewRow row, DataViewSchema.Column? column)
    {
        if (column is not { } weights)
        {
            return static () => 1;
        }

        ValueGetter<float> getter = row.GetGetter<float>(weights);
        float value = 0;
        Func<string, Exception?, Exception> badRow = (message, cause) => context.BadRow(row, weights.Name, message, cause);
        return () =>
        {
            EarlierSteps.Fetch(getter, ref value, badRow);
            return value is >= 0 and < float.PositiveInfinity
                ? value
                : throw badRow(FormattableString.Invariant($"a weight is a finite number of at least 0. Received: {value}"), null);
        };
    }
}
