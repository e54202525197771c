using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>
/// Opens what <c>--data</c> names: a folder of IDX files as the MNIST database comes, or a folder with one subfolder of images a class.
/// </summary>
internal static class DataFolder
{
    /// <summary>The images to train with.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="decoder">Reads image files.</param>
    /// <exception cref="CommandException">There are none, or not enough.</exception>
    public static LabelledImages OpenForTraining(string path, ImageDecoder decoder)
    {
        RequireFolder(path);
        if (!IdxReader.IsIdxFolder(path))
        {
            return Files(ImageFolder.ForTraining(path), decoder);
        }

        PixelImages images = new(IdxReader.ReadTraining(path));
        RequireTwoOfEachClass(images, path);
        return images;
    }

    /// <summary>The images to evaluate with: the t10k part of a folder of IDX files, or all images of a folder of images.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="classNames">The classes that the model knows.</param>
    /// <param name="decoder">Reads image files.</param>
    /// <exception cref="CommandException">There are none, or they are of a class that the model does not know.</exception>
    public static LabelledImages OpenForEvaluation(string path, IReadOnlyList<string> classNames, ImageDecoder decoder)
    {
        RequireFolder(path);
        if (!IdxReader.IsIdxFolder(path))
        {
            return Files(ImageFolder.ForEvaluation(path, classNames), decoder);
        }

        PixelImages images = new(IdxReader.ReadTest(path));
        foreach (int label in Enumerable.Range(0, images.Count).Select(images.ClassOf).Distinct())
        {
            if (!classNames.Contains(images.ClassNames[label], StringComparer.Ordinal))
            {
                throw new CommandException(
                    $"The labels of \"{path}\" are classes that the model knows: {NameList.Of(classNames)}. Received: {label}.");
            }
        }

        return images;
    }

    private static ImageFiles Files(ImageFolder folder, ImageDecoder decoder)
    {
        if (folder.PassedOver.Count > 0)
        {
            Console.Error.WriteLine(
                $"warning: passed over {ProgressText.Count(folder.PassedOver.Count, "file")}, empty or with names that end as no image's do: "
                + NameList.Of(folder.PassedOver));
        }

        return new ImageFiles(folder.Images, folder.ClassNames, decoder);
    }

    private static void RequireFolder(string path)
    {
        if (File.Exists(path))
        {
            throw new CommandException(
                $"--data names a folder of IDX files, or one with a subfolder of images a class. Received: the file \"{path}\".");
        }

        if (!Directory.Exists(path))
        {
            throw new CommandException(
                $"--data names a folder of IDX files, or one with a subfolder of images a class. "
                + $"Received: \"{path}\", which does not exist.");
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
            throw new CommandException($"Training needs at least two images of a class. Received: one of class {lonely} in \"{path}\".");
        }

        if (counts.Count(count => count > 0) < 2)
        {
            throw new CommandException($"Training needs images of at least two classes. Received: one class in \"{path}\".");
        }
    }
}
