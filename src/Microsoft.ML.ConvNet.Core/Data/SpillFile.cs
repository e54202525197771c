using Microsoft.Win32.SafeHandles;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// A temporary file for what finds no room in memory. It is gone with the process, however that ends: where the system allows it, the file has
/// no name from its beginning on, else the system deletes it when it is closed. Any number of threads read and write at once.
/// </summary>
internal sealed class SpillFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string _folder;
    private long _length;

    private SpillFile(SafeFileHandle handle, string folder)
    {
        _handle = handle;
        _folder = folder;
    }

    /// <summary>The bytes that were written.</summary>
    public long Length => Interlocked.Read(ref _length);

    /// <summary>Makes an empty file in a folder.</summary>
    /// <exception cref="IOException">It cannot be made there.</exception>
    public static SpillFile Create(string folder)
    {
        string path = Path.Combine(folder, Invariant($"convnet-{Environment.ProcessId}-{Guid.NewGuid():N}.cache"));
        bool isDeletedWhenClosed = OperatingSystem.IsWindows();
        try
        {
            SafeFileHandle handle = File.OpenHandle(
                path,
                FileMode.CreateNew,
                FileAccess.ReadWrite,
                FileShare.None,
                FileOptions.RandomAccess | (isDeletedWhenClosed ? FileOptions.DeleteOnClose : FileOptions.None));
            try
            {
                if (!isDeletedWhenClosed)
                {
                    File.Delete(path);
                }

                return new SpillFile(handle, folder);
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure(folder, exception);
        }
    }

    /// <summary>Writes a sample behind all others.</summary>
    /// <returns>Where it begins.</returns>
    /// <exception cref="IOException">It cannot be written: the disk is full, perhaps.</exception>
    public long Append(ReadOnlySpan<byte> sample)
    {
        long offset = Interlocked.Add(ref _length, sample.Length) - sample.Length;
        try
        {
            RandomAccess.Write(_handle, sample, offset);
        }
        catch (IOException exception)
        {
            throw Failure(_folder, exception);
        }

        return offset;
    }

    /// <summary>Reads what was written.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Read(long offset, Span<byte> sample)
    {
        while (!sample.IsEmpty)
        {
            int count = RandomAccess.Read(_handle, sample, offset);
            if (count == 0)
            {
                throw new IOException(Invariant($"A temporary file of samples in \"{_folder}\" ends before what was written to it."));
            }

            sample = sample[count..];
            offset += count;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static IOException Failure(string folder, Exception cause) => new(
        $"Samples past the memory for them are kept in a temporary file in \"{folder}\". Received: {cause.Message} A larger budget of memory, or the "
        + "folder of another disk for temporary files (the environment variable TMPDIR, or TMP on Windows), would do.",
        cause);
}
