using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>What is said of rows that cannot be worked on.</summary>
internal static class RowErrors
{
    /// <summary>A row is not one that can be worked on: its number, its set of rows, what is wrong, and the texts beside it.</summary>
    /// <param name="context">Who reads.</param>
    /// <param name="row">The row, as the cursor stands on it.</param>
    /// <param name="column">The name of the column that is read.</param>
    /// <param name="message">What is wrong, without a full stop.</param>
    /// <param name="cause">What led to it.</param>
    /// <param name="isUnreadable">Whether it has no image that can be read, rather than one that does not fit.</param>
    public static Exception BadRow(
        this IExceptionContext context, DataViewRow row, string column, string message, Exception? cause = null, bool isUnreadable = false) =>
        context is RowPartContext
            ? new RowFaultException(column, RowTexts.Append(message, row), RowTexts.Of(row), cause, isUnreadable)
            : context.BadRow(row.Position, column, RowTexts.Append(message, row), cause);

    /// <summary>A row of a number is not one that can be worked on.</summary>
    /// <param name="context">Who reads.</param>
    /// <param name="number">The number of the row in its data, from 0.</param>
    /// <param name="column">The name of the column that is read.</param>
    /// <param name="message">What is wrong, in whole sentences.</param>
    /// <param name="cause">What led to it.</param>
    public static Exception BadRow(this IExceptionContext context, long number, string column, string message, Exception? cause)
    {
        string set = context is DataSetContext { Name: var name } ? $" of the {name} data" : string.Empty;
        return context.Process(new InvalidDataException(
            FormattableString.Invariant($"Column \"{column}\", row {number} (counted from 0){set}: ") + message, cause));
    }
}
