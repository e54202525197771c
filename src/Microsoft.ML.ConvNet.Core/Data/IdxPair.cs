using System.Text.RegularExpressions;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// A file of images and the file of their labels, which belong together by their names: <c>train-images-idx3-ubyte</c> and
/// <c>train-labels-idx1-ubyte</c> as the MNIST database has them, or another beginning, as EMNIST has (Cohen et al., 2017):
/// <c>emnist-letters-train-images-idx3-ubyte.gz</c>. Some copies have a dot where these names have a hyphen.
/// </summary>
/// <param name="Prefix">What the names begin with, such as "train" or "emnist-letters-test"; may be empty.</param>
/// <param name="Images">The path of the file of images.</param>
/// <param name="Labels">The path of the file of labels, or the one that is missing.</param>
internal sealed partial record IdxPair(string Prefix, string Images, string Labels)
{
    private const int Shown = 8;
    private static readonly string[] Joints = ["-", "."];
    private static readonly string[] Ends = [string.Empty, ".gz"];
    private static readonly string[] TrainingNames = ["train"];
    private static readonly string[] TestNames = ["t10k", "test"];

    /// <summary>Whether the name says that it is a part to train with.</summary>
    public bool IsTraining => IsNamed(TrainingNames);

    private bool IsTest => IsNamed(TestNames);

    /// <summary>The pairs of a folder, in the order of their names; a file that is there plain and compressed is taken plain.</summary>
    public static IReadOnlyList<IdxPair> In(string folder) =>
    [
        .. Directory.EnumerateFiles(folder)
            .Select(Of)
            .OfType<IdxPair>()
            .OrderBy(pair => pair.Images.Length)
            .ThenBy(pair => pair.Images, StringComparer.Ordinal)
            .DistinctBy(pair => pair.Prefix, StringComparer.Ordinal)
            .OrderBy(pair => pair.Prefix, StringComparer.Ordinal),
    ];

    /// <summary>The pair of a file of images; null where its name is not that of one.</summary>
    /// <param name="images">The path of the file of images.</param>
    public static IdxPair? Of(string images)
    {
        Match match = ImagesName().Match(Path.GetFileName(images));
        if (!match.Success)
        {
            return null;
        }

        string prefix = match.Groups["prefix"].Value;
        string begin = Path.Combine(Path.GetDirectoryName(images) ?? string.Empty, $"{prefix}{match.Groups["joint"].Value}labels");
        string[] names = [.. from joint in Joints from end in Ends select $"{begin}{joint}idx1-ubyte{end}"];
        return new IdxPair(prefix, images, names.FirstOrDefault(File.Exists) ?? names[0]);
    }

    /// <summary>The pair of a folder to train with: MNIST's own, or the only one whose name says so, or the only one.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">There are several.</exception>
    public static IdxPair TrainingIn(string folder) => OneOf(folder, "train", pair => pair.IsTraining, pair => !pair.IsTest);

    /// <summary>The pair of a folder to test with: MNIST's own, or the only one whose name says so, or the only one.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">There are several.</exception>
    public static IdxPair TestIn(string folder) => OneOf(folder, "t10k", pair => pair.IsTest, pair => !pair.IsTraining);

    /// <summary>
    /// The file that says which characters the labels stand for, as EMNIST's <c>emnist-letters-mapping.txt</c> does; null where there is none.
    /// </summary>
    public string? Mapping()
    {
        string name = IsTraining || IsTest ? Prefix[..^TrainingNames.Concat(TestNames).First(IsNamedAs).Length] : $"{Prefix}-";
        string path = Path.Combine(Path.GetDirectoryName(Images) ?? string.Empty, $"{name}mapping.txt");
        return File.Exists(path) ? path : null;
    }

    private static IdxPair OneOf(string folder, string usual, Func<IdxPair, bool> isOfPart, Func<IdxPair, bool> mayBe)
    {
        IReadOnlyList<IdxPair> all = In(folder);
        IdxPair[] pairs = [.. all.Where(pair => pair.Prefix == usual)];
        pairs = pairs.Length > 0 ? pairs : [.. all.Where(isOfPart)];
        pairs = pairs.Length > 0 ? pairs : [.. all.Where(mayBe)];
        return pairs.Length switch
        {
            1 => pairs[0],
            0 => throw new FileNotFoundException(
                $"The folder \"{folder}\" has no file \"{usual}-images-idx3-ubyte\", and none with .gz or another beginning."),
            _ => throw new InvalidDataException(
                $"A folder of IDX files has one set, or the file of images is named. Received: \"{folder}\" with "
                + string.Join(", ", pairs.Take(Shown).Select(pair => $"\"{Path.GetFileName(pair.Images)}\""))
                + (pairs.Length > Shown ? Invariant($" and {pairs.Length - Shown} more.") : ".")),
        };
    }

    private bool IsNamed(string[] names) => names.Any(IsNamedAs);

    // "strain" is no name of a training part.
    private bool IsNamedAs(string name) => Prefix.EndsWith(name, StringComparison.OrdinalIgnoreCase)
        && (Prefix.Length == name.Length || !char.IsLetterOrDigit(Prefix[^(name.Length + 1)]));

    [GeneratedRegex("^(?<prefix>.*?)(?<joint>[-_.]?)images[-.]idx[34]-ubyte(\\.gz)?$", RegexOptions.CultureInvariant)]
    private static partial Regex ImagesName();
}
