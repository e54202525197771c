using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Schema;

/// <summary>What is said of columns that are not there or not of the type that is needed.</summary>
internal static class SchemaErrors
{
    /// <summary>There is no such column.</summary>
    public static Exception Missing(this IExceptionContext context, string role, string name, IEnumerable<string> present)
    {
        string[] names = [.. present.Distinct()];
        string listed = names.Length == 0 ? "no columns" : string.Join(", ", names.Take(12)) + (names.Length > 12 ? ", ..." : string.Empty);
        return context.Mismatch($"There is no {role} column \"{name}\". Received: {listed}.");
    }

    /// <summary>The schema is not one that can be worked on.</summary>
    public static Exception Mismatch(this IExceptionContext context, string message, string parameter = "inputSchema") =>
        context.Process(new ArgumentOutOfRangeException(parameter, message));

    /// <summary>A row is not one that can be worked on.</summary>
    public static Exception BadRow(this IExceptionContext context, string column, long row, string message) =>
        context.Process(new InvalidDataException($"Column \"{column}\", row {row} (counted from 0): {message}"));
}
