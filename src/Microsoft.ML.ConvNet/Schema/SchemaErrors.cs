using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Schema;

/// <summary>What is said of columns that are not there or not of the type that is needed.</summary>
internal static class SchemaErrors
{
    /// <summary>There is no such column.</summary>
    public static Exception Missing(this IExceptionContext context, string role, string name, IEnumerable<string> present)
    {
        string listed = NameList.Of(present.Distinct());
        return context.Mismatch($"There is no {role} column \"{name}\". Received: {(listed.Length == 0 ? "no columns" : listed)}.");
    }

    /// <summary>A column of rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public static DataViewSchema.Column Find(this IExceptionContext context, IDataView rows, string role, string name) =>
        rows.Schema.GetColumnOrNull(name) ?? throw context.Missing(role, name, rows.Schema.Select(column => column.Name));

    /// <summary>The schema is not one that can be worked on.</summary>
    public static Exception Mismatch(this IExceptionContext context, string message, string parameter = "inputSchema") =>
        context.Process(new ArgumentOutOfRangeException(
            parameter, context is DataSetContext { Name: var name } ? $"In the {name} data: {message}" : message));
}
