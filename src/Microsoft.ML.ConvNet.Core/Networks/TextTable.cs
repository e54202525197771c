using System.Globalization;
using System.Text;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>Rows of cells as text in columns: the first columns to the left, numbers to the right, and a last one for remarks.</summary>
/// <param name="leftColumns">How many columns, from the first, are set to the left.</param>
internal sealed class TextTable(int leftColumns)
{
    private const double Megabyte = 1_000_000;

    private readonly List<string[]> _rows = [];

    /// <summary>A whole number with separators of thousands.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of bytes in kilobytes or megabytes.</summary>
    public static string Bytes(long bytes) => bytes < 100_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000.0:0.0} kB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / Megabyte:0.00} MB");

    /// <summary>Adds a row; all rows have the same number of cells.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Appends the rows, a line each.</summary>
    public void AppendTo(StringBuilder text)
    {
        int[] widths = [.. Enumerable.Range(0, _rows[0].Length - 1).Select(column => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
        {
            for (int column = 0; column < widths.Length; column++)
            {
                text.Append(column < leftColumns ? row[column].PadRight(widths[column]) : row[column].PadLeft(widths[column]));
                text.Append("  ");
            }

            text.Append(row[^1]);
            while (text[^1] == ' ')
            {
                text.Length--;
            }

            text.Append('\n');
        }
    }
}
