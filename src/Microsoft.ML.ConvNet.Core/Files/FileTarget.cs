using System.Formats.Tar;

namespace Microsoft.ML.ConvNet.Files;

/// <summary>What a path leads to, through symbolic links.</summary>
/// <param name="Path">The path behind the links.</param>
/// <param name="Kind">What is there.</param>
/// <param name="Length">The bytes of a regular file; else 0.</param>
public sealed record FileTarget(string Path, FileKind Kind, long Length)
{
    /// <summary>The number of the error that .NET itself throws, and not for the system.</summary>
    private const int ErrorOfNoSystem = unchecked((int)0x80131620);

    private static readonly string[] FoldersOfOpenFiles = ["/proc/", "/dev/fd/"];

    /// <summary>The kind in words.</summary>
    public string Description => Kind switch
    {
        FileKind.None => "nothing",
        FileKind.Regular => "a regular file",
        FileKind.Folder => "a folder",
        FileKind.Pipe => "a named pipe",
        FileKind.Device => "a device",
        FileKind.Socket => "a socket",
        _ => "an open file of a process",
    };

    /// <summary>Whether it can be read like a file, without waiting for somebody who writes.</summary>
    public bool IsFile => Kind is FileKind.Regular or FileKind.Open;

    /// <summary>Follows a path. Nothing is opened.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static FileTarget Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = System.IO.Path.GetFullPath(path);
        string behind = IsOpenFile(full) || new FileInfo(full).LinkTarget is null ? full : LinkPath.Resolved(full, IsOpenFile);
        if (IsOpenFile(behind))
        {
            return new FileTarget(behind, FileKind.Open, 0);
        }

        FileInfo file = new(behind);
        return file.Exists
            ? new FileTarget(behind, file.Length > 0 ? FileKind.Regular : KindOfEmpty(behind), file.Length)
            : new FileTarget(behind, Directory.Exists(behind) ? FileKind.Folder : FileKind.None, 0);
    }

    /// <summary>
    /// Whether a regular file of at least one byte is there, for who finds files in a folder and reads all: an empty one is of no use, and who
    /// opened a pipe might wait forever.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    public static bool HoldsSomething(string path)
    {
        try
        {
            return Of(path) is { Kind: FileKind.Regular, Length: > 0 };
        }
        catch (IOException)
        {
            // Links in a circle, or a file that is just gone.
            return false;
        }
    }

    private static bool IsOpenFile(string path) => OperatingSystem.IsWindows()
        ? path.StartsWith(@"\\.\", StringComparison.Ordinal)
        : FoldersOfOpenFiles.Any(folder => path.StartsWith(folder, StringComparison.Ordinal));

    private static FileKind KindOfEmpty(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return FileKind.Regular;
        }

        // Nothing public in .NET tells a pipe from an empty file but to open it, which waits for who writes there, or to archive it.
        using MemoryStream archive = new();
        try
        {
            using TarWriter writer = new(archive, TarEntryFormat.Gnu, leaveOpen: true);
            writer.WriteEntry(path, "file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Archives have no sockets, which .NET itself says; the system says that a file cannot be opened, and only regular ones are.
            return exception is IOException { HResult: ErrorOfNoSystem } ? FileKind.Socket : FileKind.Regular;
        }

        archive.Position = 0;
        using TarReader reader = new(archive);
        return reader.GetNextEntry()?.EntryType switch
        {
            TarEntryType.Fifo => FileKind.Pipe,
            TarEntryType.CharacterDevice or TarEntryType.BlockDevice => FileKind.Device,
            _ => FileKind.Regular,
        };
    }
}
