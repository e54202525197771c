using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;

#pragma warning disable IDE0130 // The catalogs' namespace, so that using Microsoft.ML suffices.
namespace Microsoft.ML;

/// <summary>
/// Collection of extension methods for <see cref="DataOperationsCatalog"/> that load sets of labelled images in the formats in which they are
/// published. Files are checked before there is a row: a wrong length, a wrong label and a damaged file are named.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item>
/// <term><c>Image</c></term>
/// <description>Vector of <see cref="byte"/> with the dimensions height, width and channels: pixels from 0 to 255</description>
/// </item>
/// <item><term><c>ImagePath</c>, of image files</term><description>Text, for <c>LoadImages</c></description></item>
/// <item><term><c>Label</c></term><description>Key of <see cref="uint"/>, whose values are the names of the classes</description></item>
/// </list>
/// </remarks>
public static class ConvNetDataCatalog
{
    /// <summary>
    /// Load images and labels in the IDX format of the MNIST database and its relatives (Fashion-MNIST, KMNIST, EMNIST), plain or compressed
    /// with gzip, into memory.
    /// </summary>
    /// <param name="catalog">The data catalog, <c>mlContext.Data</c>.</param>
    /// <param name="path">
    /// A folder with <c>train-images-idx3-ubyte</c> and <c>train-labels-idx1-ubyte</c>, or with <c>t10k</c> for the test part; names may have another
    /// beginning where a folder has only one set. Or a file of images, such as <c>emnist-letters-train-images-idx3-ubyte.gz</c>: the part is the
    /// file's then.
    /// </param>
    /// <param name="part">The part of a folder that is loaded.</param>
    /// <param name="imageColumnName">The name of the column of the pixels, a vector of bytes.</param>
    /// <param name="labelColumnName">
    /// The name of the column of the classes: numbers as text, or the characters that <c>emnist-letters-mapping.txt</c> beside the files gives.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A file is not what its name says.</exception>
    /// <example>
    /// <code>
    /// IDataView training = mlContext.Data.LoadFromIdx("mnist");
    /// IDataView test = mlContext.Data.LoadFromIdx("mnist", DatasetPart.Test);
    /// </code>
    /// </example>
    public static IDataView LoadFromIdx(
        this DataOperationsCatalog catalog,
        string path,
        DatasetPart part = DatasetPart.Training,
        string imageColumnName = "Image",
        string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        InMemoryDataset dataset = IdxReader.IsIdxFile(path) ? IdxReader.Read(path)
            : part == DatasetPart.Test ? IdxReader.ReadTest(path)
            : IdxReader.ReadTraining(path);
        return LabelledRows.OfPixels(catalog, dataset, IdxReader.ReadClassNames(path, dataset.ClassCount), imageColumnName, labelColumnName);
    }

    /// <summary>Load the images and labels of CIFAR-10 or CIFAR-100, in their binary versions, into memory.</summary>
    /// <param name="catalog">The data catalog, <c>mlContext.Data</c>.</param>
    /// <param name="path">
    /// The folder: with <c>data_batch_1.bin</c>... and <c>test_batch.bin</c> of CIFAR-10, or <c>train.bin</c> and <c>test.bin</c> of CIFAR-100.
    /// </param>
    /// <param name="part">The part that is loaded.</param>
    /// <param name="kind">Which of the two and which labels; where not given, by the names of the files, and the fine labels.</param>
    /// <param name="imageColumnName">The name of the column of the pixels, a vector of 32 x 32 x 3 bytes.</param>
    /// <param name="labelColumnName">The name of the column of the classes.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A file is not of whole records, or a label is none.</exception>
    public static IDataView LoadFromCifar(
        this DataOperationsCatalog catalog,
        string path,
        DatasetPart part = DatasetPart.Training,
        CifarKind? kind = null,
        string imageColumnName = "Image",
        string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        IReadOnlyList<string> names = CifarReader.ReadClassNames(path, kind);
        InMemoryDataset dataset = part == DatasetPart.Test ? CifarReader.ReadTest(path, kind) : CifarReader.ReadTraining(path, kind);
        return LabelledRows.OfPixels(catalog, dataset, names, imageColumnName, labelColumnName);
    }

    /// <summary>
    /// List a folder with one subfolder of images a class, named after the class (<see cref="ImageFolder"/>): rows are paths, which
    /// <c>mlContext.Transforms.LoadImages</c> reads.
    /// </summary>
    /// <param name="catalog">The data catalog, <c>mlContext.Data</c>.</param>
    /// <param name="path">The folder; or one with such a folder for each part, <c>train</c> and <c>test</c> or <c>val</c>.</param>
    /// <param name="part">The part that is listed, of a folder of parts or by <paramref name="splitFile"/>; a folder without parts has all in both.</param>
    /// <param name="splitFile">A text file that lists the images of the part, as <see cref="ImageFolder.ForTraining"/> has it; null for all.</param>
    /// <param name="classNames">The classes, in the order of the keys; where not given, the subfolders in the order of their names.</param>
    /// <param name="pathColumnName">The name of the column of the paths.</param>
    /// <param name="labelColumnName">The name of the column of the classes.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">There are too few images, or images that are listed are not there.</exception>
    /// <example>
    /// <code>
    /// IDataView rows = mlContext.Data.LoadFromImageFolder("pets");
    /// var pipeline = mlContext.Transforms.LoadImages("Image", null, "ImagePath")...
    /// </code>
    /// </example>
    public static IDataView LoadFromImageFolder(
        this DataOperationsCatalog catalog,
        string path,
        DatasetPart part = DatasetPart.Training,
        string? splitFile = null,
        IReadOnlyList<string>? classNames = null,
        string pathColumnName = "ImagePath",
        string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ImageFolder folder = part == DatasetPart.Test || classNames is not null
            ? Listed(path, part, splitFile, classNames)
            : ImageFolder.ForTraining(path, splitFile);
        return LabelledRows.OfFiles(catalog, folder, pathColumnName, labelColumnName);
    }

    // Classes that are given may be more than the folder has images of.
    private static ImageFolder Listed(string path, DatasetPart part, string? splitFile, IReadOnlyList<string>? classNames)
    {
        if (part == DatasetPart.Test)
        {
            return ImageFolder.ForEvaluation(path, classNames, splitFile);
        }

        ImageFolder folder = ImageFolder.ForTraining(path, splitFile);
        return folder.WithClasses(classNames!);
    }
}
