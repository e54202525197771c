using Microsoft.ML.ConvNet.Files;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// A folder with one subfolder of images a class, named after the class: what is there, without reading the images. Classes and
/// files are in ordinal order of their names; names that begin with a dot are passed over. So are files whose names do not end as those of
/// images do, and what holds nothing, such as an empty file, or is no regular file, such as a pipe: <see cref="PassedOver"/> lists them.
/// </summary>
public sealed class ImageFolder
{
    private static readonly HashSet<string> Extensions =
        new(StringComparer.OrdinalIgnoreCase) { ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".ico", ".wbmp" };

    private ImageFolder(string path, IReadOnlyList<string> classNames, IReadOnlyList<ImageFile> images, IReadOnlyList<string> passedOver)
    {
        Path = path;
        ClassNames = classNames;
        Images = images;
        PassedOver = passedOver;
    }

    /// <summary>The path of the folder.</summary>
    public string Path { get; }

    /// <summary>The names of the classes; a label is a position in this list.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The images, class by class.</summary>
    public IReadOnlyList<ImageFile> Images { get; }

    /// <summary>The paths of other files in the subfolders, which are not taken for images.</summary>
    public IReadOnlyList<string> PassedOver { get; }

    /// <summary>Lists a folder to train with: at least two classes with at least two images each.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">There are too few classes or images.</exception>
    public static ImageFolder ForTraining(string path)
    {
        string[] folders = ClassFolders(path);
        ImageFolder folder = List(path, folders, [.. folders.Select(NameOf)]);
        int[] counts = new int[folders.Length];
        foreach (ImageFile image in folder.Images)
        {
            counts[image.Label]++;
        }

        for (int label = 0; label < counts.Length; label++)
        {
            if (counts[label] < 2)
            {
                throw new InvalidDataException(
                    $"The class \"{folder.ClassNames[label]}\" needs at least two images ({KnownExtensions()}) in \"{folders[label]}\". "
                    + $"Received: {(counts[label] == 0 ? "none" : "one")}.");
            }
        }

        return folders.Length >= 2
            ? folder
            : throw new InvalidDataException(
                $"Training needs at least two classes, one subfolder of \"{path}\" each. Received: one, \"{folder.ClassNames[0]}\".");
    }

    /// <summary>Lists a folder to evaluate a model with.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <param name="classNames">The classes that the model knows; where not given, those of the folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">There are no images, or a subfolder is named after no class of the model.</exception>
    public static ImageFolder ForEvaluation(string path, IReadOnlyList<string>? classNames = null)
    {
        string[] folders = ClassFolders(path);
        classNames ??= [.. folders.Select(NameOf)];
        foreach (string folder in folders)
        {
            if (!classNames.Contains(NameOf(folder), StringComparer.Ordinal))
            {
                throw new InvalidDataException(
                    $"A subfolder of \"{path}\" is named after a class of the model: {Shortened(classNames)}. "
                    + $"Received: \"{NameOf(folder)}\".");
            }
        }

        return List(path, folders, classNames);
    }

    /// <summary>Whether a file's name ends as that of an image does: png, jpg, jpeg, jpe, jfif, webp, gif, bmp, ico or wbmp.</summary>
    public static bool IsImage(string path) => Extensions.Contains(System.IO.Path.GetExtension(path));

    private static string[] ClassFolders(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException(
                File.Exists(path) ? $"A folder of images is expected. Received: a file, \"{path}\"." : $"There is no folder \"{path}\".");
        }

        string[] folders = [.. Directory.EnumerateDirectories(path).Where(IsListed).Order(StringComparer.Ordinal)];
        if (folders.Length == 0)
        {
            int images = Directory.EnumerateFiles(path).Count(IsImage);
            throw new InvalidDataException(
                Invariant($"A folder of images has one subfolder a class. Received: \"{path}\", with {images} images and no subfolder."));
        }

        return folders;
    }

    private static ImageFolder List(string path, string[] folders, IReadOnlyList<string> classNames)
    {
        List<ImageFile> images = [];
        List<string> passedOver = [];
        foreach (string folder in folders)
        {
            int label = 0;
            while (!string.Equals(classNames[label], NameOf(folder), StringComparison.Ordinal))
            {
                label++;
            }

            foreach (string file in Directory.EnumerateFiles(folder).Where(IsListed).Order(StringComparer.Ordinal))
            {
                if (IsImage(file) && FileTarget.HoldsSomething(file))
                {
                    images.Add(new ImageFile(file, label));
                }
                else
                {
                    passedOver.Add(file);
                }
            }
        }

        return images.Count > 0
            ? new ImageFolder(path, classNames, images, passedOver)
            : throw new InvalidDataException(
                $"The subfolders of \"{path}\" hold images ({KnownExtensions()}). "
                + Invariant($"Received: {folders.Length} subfolder{(folders.Length == 1 ? string.Empty : "s")} without an image{Passed(passedOver)}."));
    }

    private static string Passed(List<string> passedOver) => passedOver.Count == 0
        ? string.Empty
        : Invariant($", but with {passedOver.Count} other file{(passedOver.Count == 1 ? string.Empty : "s")}, such as \"{passedOver[0]}\"");

    private static bool IsListed(string path) => !NameOf(path).StartsWith('.');

    private static string NameOf(string path) => System.IO.Path.GetFileName(path);

    private static string KnownExtensions() => string.Join(", ", Extensions.Select(extension => extension[1..]));

    private static string Shortened(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(10)) + (names.Count > 10 ? Invariant($" and {names.Count - 10} more") : string.Empty);
}
