using System.Globalization;
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
    /// <exception cref="CommandException">There is no such file, or it has other classes.</exception>
    public static IReadOnlyList<string> Read(string path, int count)
    {
        if (!File.Exists(path))
        {
            throw new CommandException($"There is no file of labels \"{path}\".");
        }

        if (new FileInfo(path).Length > MaximumBytes)
        {
            throw new CommandException($"A file of labels has at most {MaximumBytes:N0} bytes. Received: \"{path}\", which has more.");
        }

        string[] lines = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        string?[] names = new string?[count];
        bool isNumbered = lines.All(line => line.IndexOf(',') is > 0 and var comma
            && int.TryParse(line[..comma], NumberStyles.None, CultureInfo.InvariantCulture, out _));
        for (int i = 0; i < lines.Length; i++)
        {
            int comma = lines[i].IndexOf(',');
            int index = isNumbered ? int.Parse(lines[i][..comma], NumberStyles.None, CultureInfo.InvariantCulture) : i;
            if (index >= count || names[index] is not null)
            {
                throw Wrong(path, count, isNumbered ? $"\"{lines[i]}\" in line {i + 1}" : $"{lines.Length} lines");
            }

            names[index] = isNumbered ? lines[i][(comma + 1)..].Trim() : lines[i];
        }

        int missing = Array.FindIndex(names, string.IsNullOrEmpty);
        return missing < 0 ? DistinctNames.Of(names!) : throw Wrong(path, count, $"no name for class {missing}");
    }

    private static CommandException Wrong(string path, int count, string received) =>
        new($"A file of labels has the names of the model's {count} classes, one a line. Received: \"{path}\" with {received}.");
}
