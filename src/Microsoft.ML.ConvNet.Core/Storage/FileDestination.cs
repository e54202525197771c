using System.Formats.Tar;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>What a path that is to be written to leads to, through symbolic links.</summary>
/// <param name="Path">The path behind the links.</param>
/// <param name="IsRegular">
/// Whether a regular file is there or nothing, so that a new file can take the place; not so of pipes, devices and what a process has open.
/// </param>
internal sealed record FileDestination(string Path, bool IsRegular)
{
    private static readonly string[] FoldersOfOpenFiles = ["/proc/", "/dev/fd/"];

    /// <summary>The mode of the file that is there (Unix); null where there is none.</summary>
    public UnixFileMode? Mode => IsRegular && !OperatingSystem.IsWindows() && File.Exists(Path) ? File.GetUnixFileMode(Path) : null;

    /// <summary>Follows a path.</summary>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static FileDestination Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = System.IO.Path.GetFullPath(path);
        string behind = IsOpenFile(full) || new FileInfo(full).LinkTarget is null ? full : LinkPath.Resolved(full, IsOpenFile);
        return new FileDestination(behind, !IsOpenFile(behind) && IsRegularOrNothing(behind));
    }

    /// <summary>Opens what is no regular file, to write to its end.</summary>
    public Stream OpenStraight()
    {
        // Opened by its path, standard output would begin anew at the first byte of a file that it is led to, and a socket could not be
        // opened at all.
        string name = System.IO.Path.GetFileName(Path);
        return (IsOwnOpenFile(Path), name) switch
        {
            (true, "1") => Console.OpenStandardOutput(),
            (true, "2") => Console.OpenStandardError(),
            _ => new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 4096),
        };
    }

    private static bool IsOpenFile(string path) => OperatingSystem.IsWindows()
        ? path.StartsWith(@"\\.\", StringComparison.Ordinal)
        : FoldersOfOpenFiles.Any(folder => path.StartsWith(folder, StringComparison.Ordinal));

    private static bool IsOwnOpenFile(string path) =>
        System.IO.Path.GetDirectoryName(path) is { } folder
        && (folder is "/dev/fd" or "/proc/self/fd" or "/proc/thread-self/fd"
            || folder == FormattableString.Invariant($"/proc/{Environment.ProcessId}/fd"));

    private static bool IsRegularOrNothing(string path)
    {
        FileInfo file = new(path);
        if (OperatingSystem.IsWindows() || !file.Exists || file.Length > 0)
        {
            return true;
        }

        // Nothing public in .NET tells a pipe from an empty file but to open it, which waits for who reads there, or to archive it.
        using MemoryStream archive = new();
        try
        {
            using TarWriter writer = new(archive, TarEntryFormat.Gnu, leaveOpen: true);
            writer.WriteEntry(path, "file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only a regular file is opened.
            return true;
        }

        archive.Position = 0;
        using TarReader reader = new(archive);
        return reader.GetNextEntry()?.EntryType is not (TarEntryType.Fifo or TarEntryType.CharacterDevice or TarEntryType.BlockDevice);
    }
}
