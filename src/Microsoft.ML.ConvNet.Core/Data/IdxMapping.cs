using System.Globalization;
using System.Text;
using Microsoft.ML.ConvNet.Files;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// The file that says which characters the labels of a set of written characters stand for, as EMNIST has it: a line for each label, with
/// the codes of its characters behind, the capital first where there are two.
/// </summary>
internal static class IdxMapping
{
    /// <summary>The names of the classes.</summary>
    /// <param name="path">The file; null for none, where the names are numbers.</param>
    /// <param name="classCount">The number of classes; those that the file does not name are numbered.</param>
    /// <exception cref="InvalidDataException">The file is no such mapping, or no regular file, or too large, or names a class that is not there, or two alike.</exception>
    public static IReadOnlyList<string> Read(string? path, int classCount)
    {
        string[] names = [.. Enumerable.Range(0, classCount).Select(label => label.ToString(CultureInfo.InvariantCulture))];
        if (path is null)
        {
            return names;
        }

        HashSet<int> named = [];
        int number = 0;
        foreach (string line in RegularFile.ReadLines(path, "A mapping of labels"))
        {
            number++;
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (words.Length < 2
                || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int label) || label >= classCount || !named.Add(label)
                || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int code) || !Rune.IsValid(code))
            {
                throw new InvalidDataException(
                    Invariant($"\"{path}\": a line has a label from 0 to {classCount - 1}, each once, and the code of its character. ")
                    + Invariant($"Received: \"{string.Join(' ', words.Take(3))}\" in line {number}."));
            }

            names[label] = new Rune(code).ToString();
        }

        string? twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null
            ? names
            : throw new InvalidDataException($"\"{path}\": each label stands for another character. Received: \"{twice}\" more than once.");
    }
}
