using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>
/// Opens what <c>--data</c> names: IDX files as the MNIST database and its relatives come, the records of CIFAR-10 and CIFAR-100, or a folder with
/// one subfolder of images a class.
/// </summary>
internal static class DataFolder
{
    /// <summary>What it is, for help texts and errors.</summary>
    public const string Kinds = "a folder of IDX files or one such file of images, a folder of CIFAR's .bin files, or one with a subfolder of images a class";

    /// <summary>The option that says which images belong to which part.</summary>
    public const string SplitName = "--split";

    private enum Format
    {
        IdxFile,
        IdxFolder,
        Cifar,
        Images,
    }

    /// <summary>The images to train with.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="decoder">Reads image files.</param>
    /// <param name="splitPath">The file that lists the images of the part; null for all.</param>
    /// <exception cref="CommandException">There are none, or not enough.</exception>
    public static LabelledImages OpenForTraining(string path, ImageDecoder decoder, string? splitPath = null)
    {
        Format format = FormatOf(path, splitPath);
        if (format == Format.Images)
        {
            return Files(ImageFolder.ForTraining(path, splitPath), decoder, path);
        }

        PixelImages images = Pixels(path, format, format switch
        {
            Format.IdxFile => IdxReader.Read(path),
            Format.IdxFolder => IdxReader.ReadTraining(path),
            _ => CifarReader.ReadTraining(path),
        });
        RequireTwoOfEachClass(images, path);
        return images;
    }

    /// <summary>The images to evaluate with: the test part of IDX files or of CIFAR's, or the images of a folder of images.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="classNames">The classes that the model knows.</param>
    /// <param name="decoder">Reads image files.</param>
    /// <param name="splitPath">The file that lists the images of the part; null for all.</param>
    /// <exception cref="CommandException">There are none, or they are of a class that the model does not know.</exception>
    public static LabelledImages OpenForEvaluation(
        string path, IReadOnlyList<string> classNames, ImageDecoder decoder, string? splitPath = null)
    {
        Format format = FormatOf(path, splitPath);
        if (format == Format.Images)
        {
            return Files(ImageFolder.ForEvaluation(path, classNames, splitPath), decoder, path);
        }

        PixelImages images = Pixels(path, format, format switch
        {
            Format.IdxFile => IdxReader.Read(path),
            Format.IdxFolder => IdxReader.ReadTest(path),
            _ => CifarReader.ReadTest(path),
        });
        foreach (int label in Enumerable.Range(0, images.Count).Select(images.ClassOf).Distinct())
        {
            if (!classNames.Contains(images.ClassNames[label], StringComparer.Ordinal))
            {
                throw new CommandException(
                    $"The labels of \"{path}\" are classes that the model knows: {NameList.Of(classNames)}. "
                    + $"Received: {TerminalText.Of(images.ClassNames[label])}.");
            }
        }

        return images;
    }

    /// <summary>What a folder of pixels is, for people.</summary>
    public static string Describe(string path) =>
        $"{(FormatOf(path, splitPath: null) == Format.Cifar ? "CIFAR records" : "IDX files")} in {TerminalText.Of(path)}";

    private static Format FormatOf(string path, string? splitPath)
    {
        if (!IdxReader.IsIdxFile(path))
        {
            RequireFolder(path);
        }

        Format format = IdxReader.IsIdxFile(path) ? Format.IdxFile
            : IdxReader.IsIdxFolder(path) ? Format.IdxFolder
            : CifarReader.IsCifarFolder(path) ? Format.Cifar
            : Format.Images;
        return splitPath is null || format == Format.Images ? format : throw new CommandException(
            $"{SplitName} is for a folder with a subfolder of images a class. Received: \"{TerminalText.Of(path)}\", whose files have their own parts.");
    }

    private static PixelImages Pixels(string path, Format format, InMemoryDataset images) => new(
        images,
        format == Format.Cifar ? CifarReader.ReadClassNames(path) : IdxReader.ReadClassNames(path, images.ClassCount),
        PixelForm.Bytes);

    private static ImageFiles Files(ImageFolder folder, ImageDecoder decoder, string path)
    {
        if (folder.PassedOver.Count > 0)
        {
            Console.Error.WriteLine(
                $"warning: passed over {ProgressText.Count(folder.PassedOver.Count, "file")}, empty or with names that end as no image's do: "
                + NameList.Of(folder.PassedOver));
        }

        if (folder.LeftOut > 0)
        {
            Console.Error.WriteLine(
                $"warning: left out {ProgressText.Count(folder.LeftOut, "image")} that the file of {SplitName} does not name.");
        }

        if (Path.GetFullPath(folder.Path) != Path.GetFullPath(path))
        {
            Console.Error.WriteLine($"images: {TerminalText.Of(folder.Path)}, one of the parts of {TerminalText.Of(path)}");
        }

        return new ImageFiles(folder.Images, folder.ClassNames, decoder);
    }

    private static void RequireFolder(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new CommandException(
                $"--data names {Kinds}. Received: "
                + (File.Exists(path) ? $"the file \"{path}\"." : $"\"{path}\", which does not exist."));
        }
    }

    private static void RequireTwoOfEachClass(PixelImages images, string path)
    {
        int[] counts = new int[images.ClassNames.Count];
        for (int i = 0; i < images.Count; i++)
        {
            counts[images.ClassOf(i)]++;
        }

        int lonely = Array.IndexOf(counts, 1);
        if (lonely >= 0)
        {
            throw new CommandException(
                $"Training needs at least two images of a class. Received: one of class {TerminalText.Of(images.ClassNames[lonely])} in \"{path}\".");
        }

        if (counts.Count(count => count > 0) < 2)
        {
            throw new CommandException($"Training needs images of at least two classes. Received: one class in \"{path}\".");
        }
    }
}
