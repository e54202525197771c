namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// Files that are there as a whole or not at all: written under another name in the same folder, brought to the disk, and then given
/// their name. Where that fails, what was there before is left as it was.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Where it is to be; what is there is replaced.</param>
    /// <param name="write">Writes the whole content to the stream that it is given.</param>
    /// <exception cref="DirectoryNotFoundException">There is no folder for the file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Replace(path, temporary =>
        {
            using FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write);
            write(file);
            file.Flush(flushToDisk: true);
        });
    }

    /// <summary>Writes a file by something that writes to a path.</summary>
    /// <param name="path">Where it is to be; what is there is replaced.</param>
    /// <param name="write">Writes the whole content to a file at the path that it is given.</param>
    /// <exception cref="DirectoryNotFoundException">There is no folder for the file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteTo(string path, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Replace(path, temporary =>
        {
            write(temporary);
            using FileStream file = new(temporary, FileMode.Open, FileAccess.Write);
            file.Flush(flushToDisk: true);
        });
    }

    /// <summary>Makes sure, before long work begins, that its result can be written: there is a folder, and it takes new files.</summary>
    /// <param name="path">Where the file will be.</param>
    /// <exception cref="DirectoryNotFoundException">There is no folder for the file.</exception>
    /// <exception cref="IOException">The folder takes no new files.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not one to write to.</exception>
    public static void RequireWritable(string path)
    {
        using FileStream trial = new(
            TemporaryPath(path), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
    }

    private static void Replace(string path, Action<string> write)
    {
        string temporary = TemporaryPath(path);
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static string TemporaryPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? full;
        return Directory.Exists(folder)
            ? Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp")
            : throw new DirectoryNotFoundException(
                $"A file is written to a folder that exists. Received: \"{path}\", but there is no folder \"{folder}\".");
    }
}
