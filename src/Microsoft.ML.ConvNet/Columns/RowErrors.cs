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
    public static Exception BadRow(
        this IExceptionContext context, DataViewRow row, string column, string message, Exception? cause = null)
    {
        string set = context is DataSetContext { Name: var name } ? $" of the {name} data" : string.Empty;
        return context.Process(new InvalidDataException(
            FormattableString.Invariant($"Column \"{column}\", row {row.Position} (counted from 0){set}: ") + RowTexts.Append(message, row), cause));
    }
}
