using System.IO.Compression;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.ModelStorage;

/// <summary>
/// A file that holds a network with its settings: a zip that <see cref="ConvNetTransformer.SaveNetwork"/> wrote, or an ML.NET model
/// with one such transformer in it.
/// </summary>
internal static class ModelFile
{
    /// <summary>Writes the streams to a zip of their own; where that fails, what was there is left as it was.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no folder for the file.</exception>
    public static void Write(string path, ModelStreams streams) => AtomicFile.Write(path, file => WriteArchive(file, streams));

    /// <summary>Reads the streams.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file holds no such network, or more than one, or is damaged.</exception>
    public static ModelStreams Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path) && Architecture.All.Any(architecture => architecture.Name == path))
        {
            // What trains an architecture and what scores with a file differ by one text.
            throw new FileNotFoundException(
                $"There is no model file \"{path}\". To train the architecture of that name, name the label column, too: "
                + $"Transforms.ConvNet(outputColumnName, inputColumnName, labelColumnName, \"{path}\").",
                path);
        }

        return ModelStreams.Of(NetworkFile.Load(path));
    }

    private static void WriteArchive(Stream file, ModelStreams streams)
    {
        using ZipArchive archive = new(file, ZipArchiveMode.Create, leaveOpen: true);
        streams.Write((name, write) =>
        {
            using Stream stream = archive.CreateEntry(name, CompressionLevel.Optimal).Open();
            write(stream);
        });
    }
}
