using System.IO.Compression;
using System.IO.Hashing;
using Microsoft.ML.ConvNet.Files;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>The checksums that a zip archive has of its entries, which .NET reads and does not compare.</summary>
public static class ZipChecksum
{
    private const int ChunkLength = 64 * 1024;

    /// <summary>Lets an entry's content be read, and then compares its checksum.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="content">The entry's content, from its beginning.</param>
    /// <param name="read">Reads the content; what it leaves is read after it.</param>
    /// <exception cref="InvalidDataException">
    /// The content has another checksum than the archive says, or the archive says that there is more of it than its bytes can hold.
    /// </exception>
    public static void Read(ZipArchiveEntry entry, Stream content, Action<Stream> read)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(read);
        if (entry.Length / DeflateRatio.Most > entry.CompressedLength)
        {
            // Memory is taken by what the archive says.
            throw new InvalidDataException(FormattableString.Invariant(
                $"The {entry.CompressedLength:N0} bytes that the archive has of it give at most {DeflateRatio.Most} times as many. ")
                + FormattableString.Invariant($"Received: a length of {entry.Length:N0}; the file is damaged."));
        }

        Crc32 checksum = new();
        using WatchedStream watched = new(content, checksum.Append, entry.Length);
        read(watched);
        watched.ReadToEnd();
        if (checksum.GetCurrentHashAsUInt32() != entry.Crc32)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"The content has the checksum that the archive says, {entry.Crc32:X8}. Received: {checksum.GetCurrentHashAsUInt32():X8}; the file is damaged."));
        }
    }

    /// <summary>Reads entries to their ends and compares their checksums.</summary>
    /// <param name="entries">The entries.</param>
    /// <exception cref="InvalidDataException">One has another checksum than the archive says; the message names it.</exception>
    public static void Check(IEnumerable<ZipArchiveEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (ZipArchiveEntry entry in entries)
        {
            try
            {
                using Stream content = entry.Open();
                Read(entry, content, _ => { });
            }
            catch (InvalidDataException exception)
            {
                throw new InvalidDataException($"{QuotedText.Of(entry.FullName)}: {exception.Message}", exception);
            }
        }
    }

    internal static void ReadToEnd(this Stream stream)
    {
        byte[] chunk = new byte[ChunkLength];
        while (stream.Read(chunk) > 0)
        {
        }
    }
}
