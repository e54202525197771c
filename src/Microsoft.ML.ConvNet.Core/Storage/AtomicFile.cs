namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// Files that are there as a whole or not at all: written under another name in the same folder, brought to the disk, and then given
/// their name. Where that fails, what was there before is left as it was.
/// </summary>
/// <remarks>
/// <para>
/// A path that is a symbolic link stays one: the file that it leads to is replaced. A file that takes the place of another has its mode
/// (on Unix), and from its first byte on nobody can read it who could not read the other. What is no regular file (a named pipe, a
/// device, <c>/dev/stdout</c>) is written to and not replaced; who reads there sees what was written before a failure.
/// </para>
/// <para>
/// A process that is killed while it writes leaves a file whose name is that of the one to be written between a dot and numbers of the machine and the process, such as
/// <c>.model.zip.1a2b3c4d-5e6f-7a8b9c0d.tmp</c>, which the next writing to the same folder
/// on the same machine removes.
/// </para>
/// </remarks>
public static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Where it is to be; what is there is replaced.</param>
    /// <param name="write">Writes the whole content to the stream that it is given, which may be one that cannot seek.</param>
    /// <exception cref="DirectoryNotFoundException">There is no folder for the file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        FileDestination destination = FileDestination.Of(path);
        if (!destination.IsRegular)
        {
            using Stream straight = destination.OpenStraight();
            write(straight);
            straight.Flush();
            return;
        }

        using TemporaryFile temporary = TemporaryFile.Beside(destination.Path);
        using (FileStream file = temporary.Create(destination.Mode))
        {
            write(file);
            file.Flush(flushToDisk: true);
        }

        temporary.MoveTo(destination);
    }

    /// <summary>Writes a file by something that writes to a path.</summary>
    /// <param name="path">Where it is to be; what is there is replaced.</param>
    /// <param name="write">Writes the whole content to the file at the path that it is given, which is there and empty.</param>
    /// <exception cref="DirectoryNotFoundException">There is no folder for the file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteTo(string path, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        FileDestination destination = FileDestination.Of(path);
        using TemporaryFile temporary = TemporaryFile.Beside(
            destination.IsRegular ? destination.Path : Path.Combine(Path.GetTempPath(), Path.GetFileName(destination.Path)));
        // Beside the file it lies as the file does; in the folder that all share, nobody else reads it.
        temporary.Create(destination.IsRegular ? destination.Mode : UnixFileMode.UserRead | UnixFileMode.UserWrite).Dispose();
        write(temporary.Path);
        if (destination.IsRegular)
        {
            using (FileStream file = new(temporary.Path, FileMode.Open, FileAccess.Write))
            {
                file.Flush(flushToDisk: true);
            }

            temporary.MoveTo(destination);
        }
        else
        {
            using FileStream file = File.OpenRead(temporary.Path);
            using Stream straight = destination.OpenStraight();
            file.CopyTo(straight);
        }
    }

    /// <summary>
    /// Makes sure, before long work begins, that its result can be written: there is a folder, and it takes new files. Of what is no
    /// regular file nothing can be known before it is written to.
    /// </summary>
    /// <param name="path">Where the file will be.</param>
    /// <exception cref="DirectoryNotFoundException">There is no folder for the file.</exception>
    /// <exception cref="IOException">The folder takes no new files.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not one to write to.</exception>
    public static void RequireWritable(string path)
    {
        FileDestination destination = FileDestination.Of(path);
        if (Directory.Exists(destination.Path))
        {
            throw new IOException($"A file is written under a name of its own. Received: \"{path}\", which is a folder.");
        }

        if (destination.IsRegular)
        {
            using TemporaryFile trial = TemporaryFile.Beside(destination.Path);
            trial.Create(destination.Mode).Dispose();
        }
    }
}
