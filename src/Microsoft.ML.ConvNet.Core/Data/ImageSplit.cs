using Microsoft.ML.ConvNet.Files;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// Which images of a folder belong to which part, as a text file says: a line for each image, with its path within the folder, with or without
/// the extension, and behind a tab or a comma its part (train, validation or test). Lines without a part belong to whatever the file is given for.
/// Empty lines, and those that begin with #, say nothing.
/// </summary>
internal sealed class ImageSplit
{
    private const long MostBytes = 1L << 30;
    private const int Shown = 3;

    private static readonly string[][] Names = [["train", "training"], ["val", "valid", "validation"], ["test", "testing"]];

    private readonly string _path;
    private readonly Dictionary<string, (int Line, int? Part)> _lines = new(StringComparer.Ordinal);
    private readonly HashSet<string> _found = new(StringComparer.Ordinal);
    private readonly int? _part;

    private ImageSplit(string path, bool isTraining)
    {
        _path = path;
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            Add(line.Trim(), number);
        }

        if (_lines.Count == 0)
        {
            throw new InvalidDataException($"\"{path}\": the images of a part are listed, one a line. Received: none.");
        }

        // What is held out is tested with; where there is no such part, validated.
        bool HasPart(int part) => _lines.Values.Any(line => line.Part == part);
        _part = isTraining ? 0 : HasPart(2) || !HasPart(1) ? 2 : 1;
    }

    /// <summary>How many images of the folder were asked for that the file does not name.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Reads a file; null for none.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no list of images.</exception>
    public static ImageSplit? Read(string? path, bool isTraining)
    {
        if (path is null)
        {
            return null;
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file \"{path}\" that says which images belong to which part.", path);
        }

        return RegularFile.FaultOf(path, MostBytes) is { } fault
            ? throw new InvalidDataException(
                Invariant($"The images of a part are listed in a text file of at most {MostBytes:N0} bytes. Received: \"{path}\", {fault}."))
            : new ImageSplit(path, isTraining);
    }

    /// <summary>The part that a folder is named after: 0 to train, 1 to validate, 2 to test; null for none.</summary>
    public static int? PartOf(string name)
    {
        int part = Array.FindIndex(Names, names => names.Contains(name, StringComparer.OrdinalIgnoreCase));
        return part < 0 ? null : part;
    }

    /// <summary>Whether an image is of the part.</summary>
    /// <param name="path">Its path within the folder.</param>
    public bool Takes(string path)
    {
        string key = Key(path);
        key = _lines.ContainsKey(key) ? key : WithoutExtension(key);
        if (!_lines.TryGetValue(key, out (int Line, int? Part) line))
        {
            LeftOut++;
            return false;
        }

        _found.Add(key);
        return line.Part is null || line.Part == _part;
    }

    /// <summary>Demands that all images that the file names were there.</summary>
    /// <exception cref="InvalidDataException">Some were not.</exception>
    public void RequireFound(string folder)
    {
        (string Name, int Line)[] missing =
            [.. _lines.Where(line => !_found.Contains(line.Key)).Select(line => (line.Key, line.Value.Line)).OrderBy(line => line.Line)];
        if (missing.Length > 0)
        {
            throw new InvalidDataException(
                $"\"{_path}\": the images that are listed are in the subfolders of \"{folder}\". Received: "
                + string.Join(", ", missing.Take(Shown).Select(line => Invariant($"\"{line.Name}\" in line {line.Line}")))
                + (missing.Length > Shown ? Invariant($" and {missing.Length - Shown} more, which are not.") : ", not there."));
        }
    }

    private void Add(string line, int number)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        int end = line.LastIndexOf('\t');
        end = end < 0 ? line.LastIndexOf(',') : end;
        int? part = end < 0 ? null : PartOf(line[(end + 1)..].Trim());
        string key = Key(part is null ? line : line[..end].Trim());
        if (key.Length == 0 || !_lines.TryAdd(key, (number, part)))
        {
            throw new InvalidDataException(
                Invariant($"\"{_path}\": each image is listed once, by its path in the folder. Received: \"{key}\" in line {number}")
                + (key.Length == 0 ? "." : Invariant($" and in line {_lines[key].Line}.")));
        }
    }

    // Paths are written as on any system, and perhaps with the folder itself as "./".
    private static string Key(string path)
    {
        string key = path.Replace('\\', '/');
        return key.StartsWith("./", StringComparison.Ordinal) ? key[2..] : key;
    }

    private static string WithoutExtension(string key)
    {
        int dot = key.LastIndexOf('.');
        return dot > key.LastIndexOf('/') ? key[..dot] : key;
    }
}
