using Microsoft.ML.ConvNet.Files;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>What a path that is to be written to leads to, through symbolic links.</summary>
/// <param name="Path">The path behind the links.</param>
/// <param name="IsRegular">
/// Whether a regular file is there or nothing, so that a new file can take the place; not so of pipes, devices and what a process has open.
/// </param>
internal sealed record FileDestination(string Path, bool IsRegular)
{
    /// <summary>The mode of the file that is there (Unix); null where there is none.</summary>
    public UnixFileMode? Mode => IsRegular && !OperatingSystem.IsWindows() && File.Exists(Path) ? File.GetUnixFileMode(Path) : null;

    /// <summary>Follows a path.</summary>
    /// <exception cref="IOException">The links lead in a circle, or to a socket.</exception>
    public static FileDestination Of(string path)
    {
        FileTarget target = FileTarget.Of(path);
        return target.Kind != FileKind.Socket
            ? new FileDestination(target.Path, target.Kind is not (FileKind.Pipe or FileKind.Device or FileKind.Open))
            : throw new IOException($"A file, a pipe or a device is written to. Received: \"{path}\", which is {target.Description}.");
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

    private static bool IsOwnOpenFile(string path) =>
        System.IO.Path.GetDirectoryName(path) is { } folder
        && (folder is "/dev/fd" or "/proc/self/fd" or "/proc/thread-self/fd"
            || folder == FormattableString.Invariant($"/proc/{Environment.ProcessId}/fd"));
}
