using System.IO.Compression;
using Microsoft.ML.ConvNet.Storage;

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
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no model file \"{path}\".", path);
        }

        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            string folder = FolderOf(path, archive);
            return ModelStreams.Read((name, read) =>
            {
                using Stream? stream = Find(archive, folder + name)?.Open();
                if (stream is not null)
                {
                    read(stream);
                }

                return stream is not null;
            });
        }
        catch (InvalidDataException exception)
        {
            throw new ModelFormatException($"A model file is a zip archive. Received: \"{path}\": {exception.Message}", exception);
        }
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

    private static ZipArchiveEntry? Find(ZipArchive archive, string name) =>
        archive.Entries.FirstOrDefault(entry => NameOf(entry) == name);

    private static string FolderOf(string path, ZipArchive archive)
    {
        string[] folders =
        [
            .. archive.Entries
                .Select(NameOf)
                .Where(name => name == ModelStreams.NetworkName || name.EndsWith('/' + ModelStreams.NetworkName))
                .Select(name => name[..^ModelStreams.NetworkName.Length]),
        ];
        return folders.Length switch
        {
            1 => folders[0],
            0 => throw new ModelFormatException(
                $"The model file \"{path}\" holds a convolutional network. "
                + $"Received: {archive.Entries.Count} entries, none named {ModelStreams.NetworkName}."),
            _ => throw new ModelFormatException(
                $"The model file \"{path}\" holds one convolutional network. "
                + $"Received: {folders.Length}; load it with mlContext.Model.Load."),
        };
    }

    // ML.NET writes the separators of the machine it runs on.
    private static string NameOf(ZipArchiveEntry entry) => entry.FullName.Replace('\\', '/');
}
