using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>
/// The texts of a row that turned out to be a bad one: a pipeline that loads images has their paths in a column beside them. Whoever opens a
/// cursor asks for a few columns of texts too; they are read when a row fails, of the row that the cursor stands on. Another cursor would
/// be no way to them: there are sources that give their rows once, or wait for more.
/// </summary>
internal static class RowTexts
{
    private const int Most = 3;

    /// <summary>
    /// The columns that a cursor over a schema is asked for: those that are needed, and texts. Only texts before the images are asked for,
    /// of which these can be made: steps add their columns at the end, and where ML.NET reads ahead in parallel, it makes what is asked for of
    /// every row. A text that is made of the images, such as the class that another model predicts, would then be made for nothing, and what
    /// it throws would end the reading.
    /// </summary>
    /// <param name="schema">The schema.</param>
    /// <param name="feature">The column of the images.</param>
    /// <param name="needed">The columns that are needed.</param>
    public static IEnumerable<DataViewSchema.Column> With(
        DataViewSchema schema, DataViewSchema.Column feature, IEnumerable<DataViewSchema.Column> needed) =>
        needed.Concat(Columns(schema).Where(column => column.Index < feature.Index).Take(Most)).DistinctBy(column => column.Index);

    /// <summary>A message, without its full stop, with the texts of its row behind it: those of the columns that are active.</summary>
    public static string Append(string message, DataViewRow row)
    {
        string texts = Of(row);
        return texts.Length == 0 ? $"{message}." : $"{message}. The row has {texts}.";
    }

    /// <summary>The texts of a row, those of the columns that are active, with the columns' names.</summary>
    public static string Of(DataViewRow row)
    {
        List<string> texts = [];
        foreach (DataViewSchema.Column column in Columns(row.Schema).Where(row.IsColumnActive).Take(Most))
        {
            try
            {
                ReadOnlyMemory<char> text = default;
                row.GetGetter<ReadOnlyMemory<char>>(column)(ref text);
                texts.Add($"{column.Name} \"{NameList.Of([text.ToString()])}\"");
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // What is told is the failure that led here, with or without this text.
            }
        }

        return string.Join(", ", texts);
    }

    private static IEnumerable<DataViewSchema.Column> Columns(DataViewSchema schema) =>
        schema.Where(column => !column.IsHidden && column.Type is TextDataViewType);
}
