using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>
/// The texts of one row, looked up when it turned out to be a bad one: a pipeline that loads images has their paths in a column beside them.
/// </summary>
internal static class RowTexts
{
    private const int Most = 3;

    /// <summary>A message with the texts of its row behind it.</summary>
    public static string Append(string message, string texts) => texts.Length == 0 ? $"{message}." : $"{message}. The row has {texts}.";

    /// <summary>The texts of a row, in the columns that are active.</summary>
    public static string Of(DataViewRow row)
    {
        List<string> texts = [];
        foreach (DataViewSchema.Column column in Columns(row.Schema).Where(row.IsColumnActive))
        {
            ReadOnlyMemory<char> text = default;
            row.GetGetter<ReadOnlyMemory<char>>(column)(ref text);
            texts.Add($"{column.Name} \"{NameList.Of([text.ToString()])}\"");
        }

        return string.Join(", ", texts.Take(Most));
    }

    /// <summary>The texts of the row at a position, which is looked for again; empty where it cannot be found.</summary>
    public static string At(IDataView rows, long position)
    {
        try
        {
            using DataViewRowCursor cursor = rows.GetRowCursor([.. Columns(rows.Schema)]);
            while (cursor.MoveNext())
            {
                if (cursor.Position == position)
                {
                    return Of(cursor);
                }
            }

            return string.Empty;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What is told is the first failure, with or without the texts.
            return string.Empty;
        }
    }

    private static IEnumerable<DataViewSchema.Column> Columns(DataViewSchema schema) =>
        schema.Where(column => !column.IsHidden && column.Type is TextDataViewType);
}
