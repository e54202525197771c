using System.Buffers;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>
/// The content of a file in memory of which there is one copy only, in the decoder's hands: it is freed as soon as nothing reads it any more.
/// </summary>
internal static class FileContent
{
    private const int ChunkBytes = 128 * 1024;

    /// <summary>Reads a file to its end, also one that is no regular file and does not say how long it is.</summary>
    /// <exception cref="IOException">It cannot be read, or is of 2 GB or more.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SKData Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        long capacity = file.CanSeek ? Math.Max(file.Length, 1) : ChunkBytes;
        RequireReadable(capacity);
        nint memory = Marshal.AllocHGlobal((nint)capacity);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            int length = 0;
            while (file.Read(chunk) is > 0 and var count)
            {
                RequireReadable((long)length + count);
                if (length + count > capacity)
                {
                    capacity = Math.Min(Math.Max(2 * capacity, length + count), Array.MaxLength);
                    memory = Marshal.ReAllocHGlobal(memory, (nint)capacity);
                }

                Marshal.Copy(chunk, 0, memory + length, count);
                length += count;
            }

            return SKData.Create(memory, length, static (address, _) => Marshal.FreeHGlobal(address), null);
        }
        catch
        {
            Marshal.FreeHGlobal(memory);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static void RequireReadable(long bytes)
    {
        if (bytes > Array.MaxLength)
        {
            throw new IOException("it is of 2 GB or more.");
        }
    }
}
