using System.CommandLine;
using System.Globalization;
using System.Text;
using Microsoft.ML.ConvNet.Cli.Reports;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet zoo</c>: the architectures that are known by name, with what they cost and what was published of them.</summary>
internal static class ZooCommand
{
    public static System.CommandLine.Command Create()
    {
        Option<bool> json = new("--json") { Description = "Write the list as JSON." };
        System.CommandLine.Command command = new(
            "zoo",
            "Lists the architectures: year, parameters, multiply-adds an image, input, published accuracy on ImageNet in percent, and paper. "
            + "Parameters and multiply-adds for the classes that each was made for.")
        {
            json,
        };
        command.SetAction(parsed => Run(parsed.GetValue(json)));
        return command;
    }

    private static int Run(bool asJson)
    {
        IReadOnlyList<ZooEntry> entries = [.. Architecture.All.Select(ZooEntry.Of)];
        Console.Out.Write(asJson ? JsonReport.Text(entries) : Table(entries));
        return ExitCode.Success;
    }

    private static string Table(IReadOnlyList<ZooEntry> entries)
    {
        string[][] rows =
        [
            ["name", "year", "parameters", "multiply-adds", "input", "classes", "top-1", "top-5", "paper"],
            .. entries.Select(entry => new[]
            {
                entry.Name,
                Text(entry.Year),
                entry.Parameters.ToString("N0", CultureInfo.InvariantCulture),
                entry.MultiplyAdds.ToString("N0", CultureInfo.InvariantCulture),
                entry.Input,
                Text(entry.Classes),
                Percent(entry.Top1),
                Percent(entry.Top5),
                entry.Paper,
            }),
        ];
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            // The name, the input and the paper stand on the left, numbers on the right.
            IEnumerable<string> cells = row.Select((cell, column) =>
                column is 0 or 4 ? cell.PadRight(widths[column]) : column == row.Length - 1 ? cell : cell.PadLeft(widths[column]));
            text.Append(string.Join("  ", cells)).Append('\n');
        }

        return text.ToString();
    }

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Percent(double? share) => share?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-";
}
