using Microsoft.ML.ConvNet.Files;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// A folder with one subfolder of images a class, named after the class: what is there, without reading the images. Images may lie in further
/// folders within that of their class. A folder that has such folders for its parts, <c>train</c> and <c>test</c> or <c>val</c>, is trained with
/// the first and evaluated with the second. Classes and files are in ordinal order of their names; names that begin with a dot are passed over.
/// So are files whose names do not end as those of images do, and what holds nothing, such as an empty file, or is no regular file, such as a
/// pipe, and images that lie in no class's folder: <see cref="PassedOver"/> lists them. Links to folders are followed, but each folder is read once:
/// by its own path where it lies in the folder, else by the first of the links, in ordinal order. A link to a folder that is read elsewhere, or to
/// one that the link is in, is passed over and listed, too.
/// </summary>
public sealed class ImageFolder
{
    // What the decoder of ML.NET's images reads, by the names that such files have.
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jif", ".jfif", ".jfi", ".webp", ".gif", ".bmp", ".dib", ".ico", ".cur", ".wbmp", ".wbm",
    };

    private ImageFolder(
        string path, IReadOnlyList<string> classNames, IReadOnlyList<ImageFile> images, IReadOnlyList<string> passedOver, int leftOut)
    {
        Path = path;
        LeftOut = leftOut;
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

    /// <summary>The paths of other files in the subfolders, which are not taken for images, and of what else could not be one of a class.</summary>
    public IReadOnlyList<string> PassedOver { get; }

    /// <summary>The number of images that are there and that the file of the parts does not name; 0 where none was given.</summary>
    public int LeftOut { get; }

    /// <summary>Lists a folder to train with: at least two classes with at least two images each.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <param name="splitFile">
    /// A text file that lists the images of the part: their paths within the folder, one a line, with or without the extension, and behind a tab
    /// or a comma the part, "train", "val" or "test", where the file lists several. Null for all images.
    /// </param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">There is no file of the parts.</exception>
    /// <exception cref="InvalidDataException">
    /// There are too few classes or images, or images that are listed are not there, or two folders are of the same part or the same folder.
    /// </exception>
    public static ImageFolder ForTraining(string path, string? splitFile = null)
    {
        path = PartFolder(path, splitFile, isTraining: true);
        string[] folders = ClassFolders(path);
        ImageFolder folder = List(path, folders, [.. folders.Select(NameOf)], ImageSplit.Read(splitFile, isTraining: true));
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
    /// <param name="splitFile">
    /// A text file that lists the images of the part as that of <see cref="ForTraining"/> does; of several parts "test" is taken, or "val" where
    /// there is none. Null for all images.
    /// </param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">There is no file of the parts.</exception>
    /// <exception cref="InvalidDataException">
    /// There are no images, or a subfolder is named after no class of the model, or images that are listed are not there, or two folders are of the same
    /// part or the same folder.
    /// </exception>
    public static ImageFolder ForEvaluation(string path, IReadOnlyList<string>? classNames = null, string? splitFile = null)
    {
        path = PartFolder(path, splitFile, isTraining: false);
        string[] folders = ClassFolders(path);
        classNames ??= [.. folders.Select(NameOf)];
        foreach (string folder in folders)
        {
            if (!classNames.Contains(NameOf(folder), StringComparer.Ordinal))
            {
                throw UnknownClass(path, classNames, NameOf(folder));
            }
        }

        return List(path, folders, classNames, ImageSplit.Read(splitFile, isTraining: false));
    }

    /// <summary>The same images with the numbers that their classes have in another list, which may have further ones.</summary>
    /// <param name="classNames">The names of the classes.</param>
    /// <exception cref="InvalidDataException">A class of the folder is not among them.</exception>
    public ImageFolder WithClasses(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        int[] places = [.. ClassNames.Select(name => classNames.ToList().IndexOf(name))];
        int missing = Array.IndexOf(places, -1);
        return missing < 0
            ? new ImageFolder(Path, classNames, [.. Images.Select(image => image with { Label = places[image.Label] })], PassedOver, LeftOut)
            : throw UnknownClass(Path, classNames, ClassNames[missing]);
    }

    /// <summary>
    /// Whether a file's name ends as that of an image does: png, apng, jpg, jpeg, jpe, jif, jfif, jfi, webp, gif, bmp, dib, ico, cur, wbmp or wbm.
    /// </summary>
    public static bool IsImage(string path) => Extensions.Contains(System.IO.Path.GetExtension(path));

    private static string[] ClassFolders(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException(
                File.Exists(path) ? $"A folder of images is expected. Received: a file, \"{path}\"." : $"There is no folder \"{path}\".");
        }

        string[] folders = [.. Directory.EnumerateDirectories(path).Where(FolderWalk.IsListed).Order(StringComparer.Ordinal)];
        if (folders.Length == 0)
        {
            int images = Directory.EnumerateFiles(path).Count(IsImage);
            throw new InvalidDataException(
                Invariant($"A folder of images has one subfolder a class. Received: \"{path}\", with {images} images and no subfolder."));
        }

        return folders;
    }

    /// <summary>The folder of a part, where the folder has nothing but folders of classes for each part; else the folder itself.</summary>
    /// <exception cref="InvalidDataException">Two folders are of the same part, whichever is asked for: who trains with one tests with another.</exception>
    private static string PartFolder(string path, string? splitFile, bool isTraining)
    {
        if (splitFile is not null || !Directory.Exists(path))
        {
            return path;
        }

        string[] folders = [.. Directory.EnumerateDirectories(path).Where(FolderWalk.IsListed).Order(StringComparer.Ordinal)];
        int?[] parts = [.. folders.Select(folder => ImageSplit.PartOf(NameOf(folder)))];
        bool areParts = folders.Length > 1 && Array.TrueForAll(parts, part => part is not null) && parts.Contains(0)
            && Array.TrueForAll(folders, folder => !Directory.EnumerateFiles(folder).Any(IsImage));
        if (!areParts)
        {
            return path;
        }

        int first = Array.FindIndex(parts, part => Array.IndexOf(parts, part) != Array.LastIndexOf(parts, part));
        if (first >= 0)
        {
            int last = Array.LastIndexOf(parts, parts[first]);
            throw new InvalidDataException(
                $"A folder of parts has one subfolder a part. Received: \"{path}\", with \"{NameOf(folders[first])}\" and \"{NameOf(folders[last])}\".");
        }

        int wanted = Array.IndexOf(parts, isTraining ? 0 : parts.Contains(2) ? 2 : 1);
        return folders[wanted];
    }

    private static ImageFolder List(string path, string[] folders, IReadOnlyList<string> classNames, ImageSplit? split)
    {
        List<ImageFile> images = [];
        List<string> passedOver = [.. Directory.EnumerateFiles(path).Where(file => FolderWalk.IsListed(file) && IsImage(file)).Order(StringComparer.Ordinal)];
        foreach (FolderWalk.Walked folder in new FolderWalk(path, folders).Folders)
        {
            int label = 0;
            while (!string.Equals(classNames[label], NameOf(folder.Path), StringComparison.Ordinal))
            {
                label++;
            }

            passedOver.AddRange(folder.PassedOver);
            foreach (string file in folder.Files)
            {
                if (!IsImage(file) || !FileTarget.HoldsSomething(file))
                {
                    passedOver.Add(file);
                }
                else if (split?.Takes(System.IO.Path.GetRelativePath(path, file)) != false)
                {
                    images.Add(new ImageFile(file, label));
                }
            }
        }

        split?.RequireFound(path);
        return images.Count > 0
            ? new ImageFolder(path, classNames, images, passedOver, split?.LeftOut ?? 0)
            : throw new InvalidDataException(
                $"The subfolders of \"{path}\" hold images ({KnownExtensions()}). "
                + Invariant($"Received: {folders.Length} subfolder{(folders.Length == 1 ? string.Empty : "s")} without an image{Passed(passedOver)}."));
    }

    private static InvalidDataException UnknownClass(string path, IReadOnlyList<string> classNames, string name) => new(
        $"A subfolder of \"{path}\" is named after a class of the model: {Shortened(classNames)}. Received: \"{name}\".");

    private static string Passed(List<string> passedOver) => passedOver.Count == 0
        ? string.Empty
        : Invariant($", but with {passedOver.Count} other file{(passedOver.Count == 1 ? string.Empty : "s")}, such as \"{passedOver[0]}\"");

    private static string NameOf(string path) => System.IO.Path.GetFileName(path);

    private static string KnownExtensions() => string.Join(", ", Extensions.Select(extension => extension[1..]));

    private static string Shortened(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(10)) + (names.Count > 10 ? Invariant($" and {names.Count - 10} more") : string.Empty);
}
