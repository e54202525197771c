using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Cli.Reports;

/// <summary>The files that options name for a command to write.</summary>
internal static class OutputFile
{
    /// <summary>Makes sure, before the work begins, that a file can be written at its end.</summary>
    /// <param name="path">Where the file will be; where it is null, none is written.</param>
    /// <param name="option">The option that named it.</param>
    /// <exception cref="CommandException">It cannot.</exception>
    public static void RequireWritable(string? path, string option)
    {
        if (path == null)
        {
            return;
        }

        if (Directory.Exists(path))
        {
            throw new CommandException($"{option} names a file to write. Received: \"{path}\", which is a folder.");
        }

        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? full;
        if (!Directory.Exists(folder))
        {
            throw new CommandException(
                $"{option} names a file in a folder that exists. Received: \"{path}\", but there is no folder \"{folder}\".");
        }

        try
        {
            AtomicFile.RequireWritable(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{option} names a file that can be written. Received: \"{path}\" ({error.Message})", error);
        }
    }
}
