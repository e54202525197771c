namespace Microsoft.ML.ConvNet.Cli.Reports;

/// <summary>Files that are either there as a whole or not at all: written beside their place, then moved there.</summary>
internal static class AtomicFile
{
    /// <summary>Makes sure, before the work begins, that a file can be written at its end.</summary>
    /// <param name="path">Where the file will be.</param>
    /// <param name="option">The option that named it.</param>
    /// <exception cref="CommandException">It cannot.</exception>
    public static void RequireWritable(string path, string option)
    {
        if (Directory.Exists(path))
        {
            throw new CommandException($"{option} names a file to write. Received: \"{path}\", which is a folder.");
        }

        string folder = FolderOf(path);
        if (!Directory.Exists(folder))
        {
            throw new CommandException(
                $"{option} names a file in a folder that exists. Received: \"{path}\", but there is no folder \"{folder}\".");
        }

        string trial = TemporaryPath(path);
        try
        {
            using FileStream stream = new(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{option} names a file that can be written. Received: \"{path}\" ({error.Message})", error);
        }
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">Where it is to be; what is there is replaced.</param>
    /// <param name="write">Writes the whole content to the path that it is given.</param>
    public static void Write(string path, Action<string> write)
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

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path);

    private static string TemporaryPath(string path) =>
        Path.Combine(FolderOf(path), $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
}
