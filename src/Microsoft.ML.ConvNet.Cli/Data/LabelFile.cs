using System.Globalization;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Files;
using Microsoft.ML.ConvNet.Onnx;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>
/// The names of a model's classes in a text file, one a line in the order of the outputs, or each behind its number and a comma. Names
/// that stand there twice are told apart as <see cref="DistinctNames"/> has it.
/// </summary>
internal static class LabelFile
{
    private const int MaximumBytes = 16 * 1024 * 1024;

    /// <summary>Reads the names of so many classes.</summary>
    /// <exception cref="CommandException">There is no such file, or no regular one, or it has other classes.</exception>
    public static IReadOnlyList<string> Read(string path, int count)
    {
        if (!File.Exists(path))
        {
            throw new CommandException($"There is no file of labels \"{path}\".");
        }

        if (RegularFile.FaultOf(path, MaximumBytes) is { } fault)
        {
            throw new CommandException(
                FormattableString.Invariant($"A file of labels is a text file of at most {MaximumBytes:N0} bytes. Received: \"{path}\", {fault}."));
        }

        (string Text, int Number)[] lines =
            [.. File.ReadLines(path).Select((line, i) => (Text: line.Trim(), Number: i + 1)).Where(line => line.Text.Length > 0)];
        string?[] names = new string?[count];
        bool isNumbered = lines.All(line => NumberOf(line.Text) is not null);
        for (int i = 0; i < lines.Length; i++)
        {
            string text = lines[i].Text;
            int index = isNumbered ? NumberOf(text)!.Value : i;
            if (index >= count || names[index] is not null)
            {
                throw Wrong(path, count, isNumbered ? $"\"{TerminalText.Of(text)}\" in line {lines[i].Number}" : $"{lines.Length} names");
            }

            names[index] = isNumbered ? text[(text.IndexOf(',') + 1)..].Trim() : text;
        }

        int missing = Array.FindIndex(names, string.IsNullOrEmpty);
        return missing < 0 ? DistinctNames.Of(names!) : throw Wrong(path, count, $"no name for class {missing}");
    }

    /// <summary>The number before a comma; null where there is none.</summary>
    private static int? NumberOf(string line) => line.IndexOf(',') is > 0 and var comma
        && int.TryParse(line[..comma], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static CommandException Wrong(string path, int count, string received) =>
        new($"A file of labels has the names of the model's {count} classes, one a line. Received: \"{path}\" with {received}.");
}
