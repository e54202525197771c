using Microsoft.ML.ConvNet.Files;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// Reads images and labels in the IDX format, as the MNIST database of handwritten digits comes (LeCun, Cortes and Burges, 1998), and its
/// relatives Fashion-MNIST, KMNIST and EMNIST, plain or compressed with gzip: images <c>[N, H, W]</c> or <c>[N, H, W, C]</c> and labels
/// <c>[N]</c>, both unsigned bytes. Pixels are taken as they stand: EMNIST's images lie on their side, rows where columns should be.
/// </summary>
public static class IdxReader
{
    private const int EmptyClassesAllowed = 10;

    /// <summary>
    /// Whether a folder has files of images under the names of the MNIST database, or others that end as these do, as
    /// <c>emnist-letters-train-images-idx3-ubyte.gz</c>.
    /// </summary>
    public static bool IsIdxFolder(string path) => Directory.Exists(path) && IdxPair.In(path).Count > 0;

    /// <summary>Whether a path is that of a file whose name is one of a file of images: it ends with <c>images-idx3-ubyte</c>, or with <c>.gz</c> behind.</summary>
    public static bool IsIdxFile(string path) => File.Exists(path) && IdxPair.Of(path) is not null;

    /// <summary>
    /// Reads <c>train-images-idx3-ubyte</c> and <c>train-labels-idx1-ubyte</c>, or the same with <c>.gz</c>, of a folder. Where these are not
    /// there: the only pair whose names have "train" in their place behind another beginning, or the only pair at all.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="classCount">The number of classes; where not given, one more than the largest label.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is not what its name says, or the two do not belong together, or there are several pairs.</exception>
    public static InMemoryDataset ReadTraining(string path, int classCount = 0) => Read(IdxPair.TrainingIn(RequireFolder(path)), classCount);

    /// <summary>
    /// Reads <c>t10k-images-idx3-ubyte</c> and <c>t10k-labels-idx1-ubyte</c>, or the same with <c>.gz</c>, of a folder. Where these are not
    /// there: the only pair whose names have "t10k" or "test" in their place behind another beginning, or the only pair at all.
    /// </summary>
    /// <inheritdoc cref="ReadTraining"/>
    public static InMemoryDataset ReadTest(string path, int classCount = 0) => Read(IdxPair.TestIn(RequireFolder(path)), classCount);

    /// <summary>
    /// The names of the classes of a folder's set, or of a file of images: the characters that a file such as <c>emnist-letters-mapping.txt</c>
    /// beside it gives, each line a label and the codes of its characters; numbers where there is none.
    /// </summary>
    /// <param name="path">The folder, or the file of images.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or none of images in the folder.</exception>
    /// <exception cref="InvalidDataException">There are several sets, or the mapping is none.</exception>
    public static IReadOnlyList<string> ReadClassNames(string path, int classCount)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classCount);
        IdxPair? pair = Directory.Exists(path)
            ? IdxPair.In(path).Any(pair => pair.IsTraining) ? IdxPair.TrainingIn(path) : IdxPair.TestIn(path)
            : IdxPair.Of(path);
        RequireFile(pair?.Images ?? path);
        return IdxMapping.Read(pair?.Mapping(), classCount);
    }

    /// <summary>Reads a file of images and the file of their labels.</summary>
    /// <param name="imagesPath">The file of images.</param>
    /// <param name="labelsPath">
    /// The file of labels; where not given, the one beside it with "labels" and "idx1" for "images" and "idx3" in its name, plain or with
    /// <c>.gz</c>.
    /// </param>
    /// <param name="classCount">The number of classes; where not given, one more than the largest label.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be, or the two do not belong together.</exception>
    public static InMemoryDataset Read(string imagesPath, string? labelsPath = null, int classCount = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(imagesPath);
        labelsPath ??= IdxPair.Of(imagesPath)?.Labels ?? throw new InvalidDataException(
            "The labels of images are in a file beside them where its name ends with \"images-idx3-ubyte\", or are named. "
            + $"Received: \"{imagesPath}\".");
        ArgumentException.ThrowIfNullOrEmpty(labelsPath);
        if (classCount is < 0 or > 256)
        {
            throw new ArgumentOutOfRangeException(
                nameof(classCount), Invariant($"The number of classes is from 1 to 256, or 0 for what the labels show. Received: {classCount}."));
        }

        RequireFile(imagesPath);
        RequireFile(labelsPath);
        using IdxStream images = IdxStream.Open(imagesPath);
        if (images.Dimensions.Length < 3)
        {
            throw images.Error(Invariant($"a file of images has 3 or 4 dimensions. Received: {images.Dimensions.Length}"));
        }

        using IdxStream labels = IdxStream.Open(labelsPath);
        if (labels.Dimensions.Length != 1)
        {
            throw labels.Error(Invariant($"a file of labels has 1 dimension. Received: {labels.Dimensions.Length}"));
        }

        if (labels.Dimensions[0] != images.Dimensions[0])
        {
            throw labels.Error(
                Invariant($"there is a label for each of the {images.Dimensions[0]} images of \"{imagesPath}\". ")
                + Invariant($"Received: {labels.Dimensions[0]} labels"));
        }

        List<byte> labelOf = ReadLabels(labels);
        return ReadImages(images, labelOf, ClassCount(labels, labelOf, classCount));
    }

    private static InMemoryDataset Read(IdxPair pair, int classCount) => Read(pair.Images, pair.Labels, classCount);

    private static string RequireFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Directory.Exists(path) ? path : throw new DirectoryNotFoundException($"There is no folder \"{path}\".");
    }

    private static void RequireFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file \"{path}\".", path);
        }

        if (RegularFile.FaultOf(path) is { } fault)
        {
            throw new InvalidDataException($"Images and labels are read from regular files. Received: \"{path}\", {fault}.");
        }
    }

    private static List<byte> ReadLabels(IdxStream labels)
    {
        // The list grows with what is read, not with what the header states.
        List<byte> result = [];
        Span<byte> label = stackalloc byte[1];
        for (int i = 0; i < labels.Dimensions[0]; i++)
        {
            labels.ReadItem(label);
            result.Add(label[0]);
        }

        labels.RequireEnd();
        return result;
    }

    private static int ClassCount(IdxStream labels, List<byte> labelOf, int classCount)
    {
        int largest = labelOf.Max();
        int number = labelOf.IndexOf((byte)largest);
        if (classCount > 0)
        {
            return largest < classCount
                ? classCount
                : throw labels.Error(Invariant($"a label is from 0 to {classCount - 1}. Received: {largest}, of sample {number}"));
        }

        // Labels that are not meant as such, because of a damaged file, show in many classes that nothing belongs to.
        int present = labelOf.Distinct().Count();
        int empty = largest + 1 - present;
        return empty <= EmptyClassesAllowed || empty <= present
            ? largest + 1
            : throw labels.Error(
                Invariant($"labels number the classes from 0 on. Received: {present} different labels, of which the largest, of sample {number}, ")
                + Invariant($"is {largest}"));
    }

    private static InMemoryDataset ReadImages(IdxStream images, List<byte> labelOf, int classCount)
    {
        int channels = images.Dimensions.Length == 4 ? images.Dimensions[3] : 1;
        Shape shape = new(images.Dimensions[1], images.Dimensions[2], channels);
        InMemoryDataset dataset = new(shape, classCount);
        try
        {
            byte[] pixels = new byte[images.ItemLength];
            foreach (byte label in labelOf)
            {
                images.ReadItem(pixels);
                dataset.Add(pixels, label);
            }

            images.RequireEnd();
            return dataset;
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }
}
