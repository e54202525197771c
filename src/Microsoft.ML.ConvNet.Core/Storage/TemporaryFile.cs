using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// A file that is written beside the one whose place it will take. Its name says which process on which machine writes it, so that
/// another can remove it when that process is no more.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private const string Ending = ".tmp";

    // The name of the file, for people to see; a file's name has 255 bytes at most.
    private const int NameLength = 40;

    private static readonly uint Machine = Crc32.HashToUInt32(Encoding.UTF8.GetBytes(Environment.MachineName));
    private static readonly ConcurrentDictionary<string, bool> OfThisProcess = new(StringComparer.Ordinal);

    private TemporaryFile(string path)
    {
        Path = path;
        OfThisProcess[System.IO.Path.GetFileName(path)] = true;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Names a file in the folder of another, and removes those that processes left there that are no more.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static TemporaryFile Beside(string path)
    {
        string folder = System.IO.Path.GetDirectoryName(path) ?? path;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"A file is written to a folder that exists. Received: \"{path}\", but there is no folder \"{folder}\".");
        }

        RemoveAbandoned(folder);
        return new TemporaryFile(System.IO.Path.Combine(folder, NameOf(System.IO.Path.GetFileName(path), Environment.ProcessId)));
    }

    /// <summary>What a process calls the file that it writes to give it a name at the end.</summary>
    public static string NameOf(string file, int process)
    {
        int random = Guid.NewGuid().GetHashCode();
        string shown = file.Length <= NameLength ? file : file[..NameLength];
        return FormattableString.Invariant($".{shown}.{Machine:x8}-{process:x}-{random:x8}{Ending}");
    }

    /// <summary>Makes it, empty; where it will replace a file of a mode, nobody else can read it until it does.</summary>
    public FileStream Create(UnixFileMode? mode)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (mode is not null && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path, options);
    }

    /// <summary>Gives it the name of the file that was to be written, and the mode of the one that was there.</summary>
    public void MoveTo(FileDestination destination)
    {
        if (!OperatingSystem.IsWindows() && destination.Mode is { } mode)
        {
            File.SetUnixFileMode(Path, mode);
        }

        File.Move(Path, destination.Path, overwrite: true);
    }

    /// <summary>Removes it where it was not moved.</summary>
    public void Dispose()
    {
        File.Delete(Path);
        _ = OfThisProcess.TryRemove(System.IO.Path.GetFileName(Path), out _);
    }

    private static void RemoveAbandoned(string folder)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, ".*" + Ending, new EnumerationOptions { AttributesToSkip = 0 }))
            {
                if (IsAbandoned(System.IO.Path.GetFileName(path)))
                {
                    Remove(path);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that takes new files need not be one to look into.
        }
    }

    private static bool IsAbandoned(string name)
    {
        string[] parts = name[..^Ending.Length].Split('.')[^1].Split('-');
        return parts.Length == 3
            && TryParse(parts[0], out uint machine) && machine == Machine
            && TryParse(parts[1], out uint process)
            && parts[2].Length == 8 && TryParse(parts[2], out _)
            && (process == Environment.ProcessId ? !OfThisProcess.ContainsKey(name) : !IsAlive((int)process));
    }

    private static bool TryParse(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);

    private static bool IsAlive(int process)
    {
        try
        {
            using Process found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (SystemException)
        {
            // There is one, of which the system tells no more.
            return true;
        }
    }

    // Machines of one name may share a folder: what somebody has open is left to him.
    private static void Remove(string path)
    {
        try
        {
            using FileStream file = new(
                path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
