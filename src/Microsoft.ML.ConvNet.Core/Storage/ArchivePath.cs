using System.IO.Compression;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>Paths in the archive of a model. ML.NET writes the separators of the machine that it runs on, and all are read.</summary>
public static class ArchivePath
{
    /// <summary>A path with the separator of zip archives, whoever wrote it.</summary>
    /// <param name="path">The path of an entry or of a folder.</param>
    public static string Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Replace('\\', '/');
    }

    /// <summary>The path of an entry with the separator of zip archives.</summary>
    /// <param name="entry">The entry.</param>
    public static string Of(ZipArchiveEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Of(entry.FullName);
    }
}
