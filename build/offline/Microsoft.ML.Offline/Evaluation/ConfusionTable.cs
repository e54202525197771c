using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Prints a confusion matrix in the form that ML.NET prints it in.</summary>
internal static class ConfusionTable
{
    /// <summary>The first column must have place for the word PREDICTED.</summary>
    private const int HeadingWidth = 9;

    public static string Format(ConfusionMatrix matrix)
    {
        int classes = matrix.NumberOfClasses;
        int cellWidth = classes == 2 ? 8 : 5;
        int nameWidth = matrix.ClassNames.Max(name => name.Length);

        // Names too long for the head of a column are replaced by numbers there, and explained at the left of the rows.
        bool isNumbered = nameWidth > cellWidth;
        int digits = isNumbered ? Text(classes - 1).Length : 0;
        int firstWidth = Math.Max(HeadingWidth, isNumbered ? nameWidth + digits + 2 : nameWidth);
        string rule = "||" + string.Concat(Enumerable.Repeat(classes > 2 ? "========" : "===========", classes));

        var table = new StringBuilder();
        table.AppendLine();
        table.AppendLine("Confusion table");
        table.Append(Heading("", firstWidth)).AppendLine(rule);
        table.Append(Heading("PREDICTED", firstWidth)).Append("||");
        for (int c = 0; c < classes; c++)
        {
            table.Append(' ').Append((isNumbered ? Text(c) : matrix.ClassNames[c]).PadLeft(cellWidth)).Append(" |");
        }

        table.AppendLine(" Recall");
        table.Append(Heading("TRUTH", firstWidth)).AppendLine(rule);
        for (int c = 0; c < classes; c++)
        {
            string name = matrix.ClassNames[c];
            table.Append(isNumbered
                ? $"{Text(c).PadLeft(digits)}. {name.PadLeft(firstWidth - digits - 2)}"
                : name.PadLeft(firstWidth));
            table.Append(" ||");
            foreach (double count in matrix.Counts[c])
            {
                table.Append(' ').Append(Text(count, "N0").PadLeft(cellWidth)).Append(" |");
            }

            table.Append(' ').AppendLine(Text(matrix.PerClassRecall[c], "F4").PadLeft(5));
        }

        table.Append(Heading("", firstWidth)).AppendLine(rule);
        table.Append(Heading("Precision", firstWidth)).Append("||");
        foreach (double precision in matrix.PerClassPrecision)
        {
            table.Append(Text(precision, "N4").PadLeft(cellWidth + 1)).Append(" |");
        }

        return table.AppendLine().ToString();
    }

    private static string Heading(string word, int width) => word.PadRight(width + 1);

    private static string Text(double value, string format = "0") => value.ToString(format, CultureInfo.CurrentCulture);
}
