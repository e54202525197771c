using Microsoft.ML.ConvNet.Files;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// Reads CIFAR-10 and CIFAR-100 (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009) in their binary versions: records
/// of one label, or a coarse and a fine one, and 1024 bytes each of red, green and blue, row by row. Samples are images <c>[32, 32, 3]</c>, kept
/// as bytes.
/// </summary>
public static class CifarReader
{
    private const int Side = 32;
    private const int Plane = Side * Side;
    private const int Colours = 3;
    private const int PixelBytes = Plane * Colours;
    private const string TrainingBatches = "data_batch_*.bin";
    private const string TestBatch = "test_batch.bin";
    private const string Training100 = "train.bin";
    private const string Test100 = "test.bin";

    private static readonly string[] UsualNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Whether a folder has files of one of the two under their own names.</summary>
    public static bool IsCifarFolder(string path) => Directory.Exists(path) && FindKind(path) is not null;

    /// <summary>Which of the two a folder has, by the names of its files.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">It has no such files.</exception>
    public static CifarKind KindOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Directory.Exists(path)
            ? FindKind(path) ?? throw new FileNotFoundException(
                $"The folder \"{path}\" has no file \"{TrainingBatches}\" or \"{TestBatch}\" of CIFAR-10, and no \"{Training100}\" or \"{Test100}\" "
                + "of CIFAR-100.")
            : throw new DirectoryNotFoundException($"There is no folder \"{path}\".");
    }

    /// <summary>
    /// Reads the part of a folder to train with: all of <c>data_batch_1.bin</c>, <c>data_batch_2.bin</c>... of CIFAR-10, or <c>train.bin</c> of
    /// CIFAR-100.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="kind">Which database and which labels; where not given, by the names of the files, and the fine labels.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">There is no such file in it.</exception>
    /// <exception cref="InvalidDataException">A file is not of whole records, or a label is none.</exception>
    public static InMemoryDataset ReadTraining(string path, CifarKind? kind = null)
    {
        CifarKind found = kind ?? KindOf(path);
        return Read(found == CifarKind.Cifar10 ? Batches(path) : [Path.Combine(path, Training100)], found);
    }

    /// <summary>Reads the part of a folder to test with: <c>test_batch.bin</c> of CIFAR-10, or <c>test.bin</c> of CIFAR-100.</summary>
    /// <inheritdoc cref="ReadTraining"/>
    public static InMemoryDataset ReadTest(string path, CifarKind? kind = null)
    {
        CifarKind found = kind ?? KindOf(path);
        return Read([Path.Combine(path, found == CifarKind.Cifar10 ? TestBatch : Test100)], found);
    }

    /// <summary>Reads files of records, one behind the other.</summary>
    /// <param name="files">The files.</param>
    /// <param name="kind">Which database and which labels.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is not of whole records, or a label is none.</exception>
    public static InMemoryDataset Read(IEnumerable<string> files, CifarKind kind)
    {
        ArgumentNullException.ThrowIfNull(files);
        string[] all = [.. files];
        int labels = kind == CifarKind.Cifar10 ? 1 : 2;
        Array.ForEach(all, file => RequireRecords(file, labels + PixelBytes));
        InMemoryDataset dataset = new(new Shape(Side, Side, Colours), ClassCount(kind));
        try
        {
            foreach (string file in all)
            {
                ReadFile(file, labels, kind, dataset);
            }

            return dataset.Count > 0 ? dataset : throw new InvalidDataException("Records are read from files. Received: no file.");
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The names of the classes: those of <c>batches.meta.txt</c>, <c>fine_label_names.txt</c> or <c>coarse_label_names.txt</c> of the folder, one a
    /// line. Where there is no such file, the ten of CIFAR-10, and numbers for CIFAR-100.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="kind">Which database and which labels; where not given, by the names of the files, and the fine labels.</param>
    /// <exception cref="InvalidDataException">
    /// The file has another number of names, or one twice, or more than <see cref="RegularFile.MostOfText"/> bytes, or is no regular file.
    /// </exception>
    public static IReadOnlyList<string> ReadClassNames(string path, CifarKind? kind = null)
    {
        CifarKind found = kind ?? KindOf(path);
        int count = ClassCount(found);
        string file = Path.Combine(path, found switch
        {
            CifarKind.Cifar10 => "batches.meta.txt",
            CifarKind.Cifar100 => "fine_label_names.txt",
            _ => "coarse_label_names.txt",
        });
        if (!File.Exists(file))
        {
            return found == CifarKind.Cifar10 ? UsualNames : [.. Enumerable.Range(0, count).Select(label => Invariant($"{label}"))];
        }

        string[] names = [.. RegularFile.ReadLines(file, "A list of the names of classes").Select(line => line.Trim()).Where(line => line.Length > 0).Take(count + 1)];
        return names.Distinct(StringComparer.Ordinal).Count() == count && names.Length == count
            ? names
            : throw new InvalidDataException(
                Invariant($"\"{file}\": there are {count} different names, one a line. Received: {(names.Length > count ? "more" : Invariant($"{names.Length}"))}")
                + (names.Length == count ? ", one twice." : "."));
    }

    private static int ClassCount(CifarKind kind) => kind switch
    {
        CifarKind.Cifar10 => 10,
        CifarKind.Cifar100 => 100,
        CifarKind.Cifar100Coarse => 20,
        _ => throw new ArgumentOutOfRangeException(
            nameof(kind), $"{nameof(CifarKind)} is one of {string.Join(", ", Enum.GetNames<CifarKind>())}. Received: {kind}."),
    };

    private static CifarKind? FindKind(string path) =>
        File.Exists(Path.Combine(path, TestBatch)) || Batches(path).Length > 0 ? CifarKind.Cifar10
        : new[] { Training100, Test100 }.Any(name => IsOfCifar100(path, name)) ? CifarKind.Cifar100
        : null;

    // The names are such as anything may have: the names of the classes stand beside them, or the file is of such records.
    private static bool IsOfCifar100(string path, string name)
    {
        FileInfo file = new(Path.Combine(path, name));
        return file.Exists && (File.Exists(Path.Combine(path, "fine_label_names.txt")) || (file.Length > 0 && file.Length % (PixelBytes + 2) == 0));
    }

    // data_batch_10.bin comes behind data_batch_9.bin.
    private static string[] Batches(string path) => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path, TrainingBatches).OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal)]
        : [];

    private static void RequireRecords(string path, int length)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file \"{path}\".", path);
        }

        if (RegularFile.FaultOf(path) is { } fault)
        {
            throw new InvalidDataException($"Records are read from regular files. Received: \"{path}\", {fault}.");
        }

        FileTarget target = FileTarget.Of(path);
        if (target.Length == 0 || target.Length % length != 0)
        {
            throw new InvalidDataException(
                Invariant($"\"{path}\": a file has whole records of {length} bytes, a label of {length - PixelBytes} and {PixelBytes} of pixels. ")
                + Invariant($"Received: {target.Length} bytes, {target.Length % length} more than {target.Length / length} records."));
        }
    }

    private static void ReadFile(string path, int labels, CifarKind kind, InMemoryDataset dataset)
    {
        byte[] record = new byte[labels + PixelBytes];
        byte[] pixels = new byte[PixelBytes];
        int[] counts = kind == CifarKind.Cifar10 ? [10] : [20, 100];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        for (int number = 0; ; number++)
        {
            int read = file.ReadAtLeast(record, record.Length, throwOnEndOfStream: false);
            if (read == 0)
            {
                return;
            }

            if (read < record.Length)
            {
                throw new InvalidDataException(
                    Invariant($"\"{path}\": a record has {record.Length} bytes. Received: {read}, of record {number}, where the file ends."));
            }

            for (int i = 0; i < labels; i++)
            {
                if (record[i] >= counts[i])
                {
                    throw new InvalidDataException(
                        Invariant($"\"{path}\": a {(labels == 1 ? "label" : i == 0 ? "coarse label" : "fine label")} is from 0 to {counts[i] - 1}. ")
                        + Invariant($"Received: {record[i]}, of record {number}."));
                }
            }

            Interleave(record.AsSpan(labels), pixels);
            dataset.Add(pixels, record[kind == CifarKind.Cifar100 ? 1 : 0]);
        }
    }

    private static void Interleave(ReadOnlySpan<byte> planes, Span<byte> pixels)
    {
        for (int i = 0; i < Plane; i++)
        {
            for (int colour = 0; colour < Colours; colour++)
            {
                pixels[(i * Colours) + colour] = planes[(colour * Plane) + i];
            }
        }
    }
}
