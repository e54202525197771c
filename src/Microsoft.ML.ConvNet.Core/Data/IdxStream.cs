using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML.ConvNet.Files;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// A file in the IDX format (LeCun, Cortes and Burges, the MNIST database, 1998) of unsigned bytes, plain or compressed with gzip:
/// two zero bytes, the type 0x08, the number of dimensions, each dimension as a big-endian 32-bit number, then the elements, row-major.
/// </summary>
internal sealed class IdxStream : IDisposable
{
    private const byte UnsignedByte = 0x08;

    private readonly Stream _stream;
    private readonly string _path;
    private long _read;
    private long _headerLength;

    private IdxStream(string path, Stream stream)
    {
        _path = path;
        _stream = stream;
        Dimensions = [];
    }

    /// <summary>The dimensions that the header states; the first is the number of items.</summary>
    public int[] Dimensions { get; private set; }

    /// <summary>The bytes of an item that the header states.</summary>
    public int ItemLength { get; private set; }

    /// <summary>Opens a file and checks its header against the file's length.</summary>
    /// <exception cref="InvalidDataException">The header is not one of this format, or states what the file cannot hold.</exception>
    public static IdxStream Open(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        IdxStream? idx = null;
        try
        {
            bool isCompressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            idx = new IdxStream(path, isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file);
            idx.ReadHeader(isCompressed, file.Length);
            return idx;
        }
        catch
        {
            idx?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next item.</summary>
    /// <exception cref="InvalidDataException">The file ends before it, or is damaged.</exception>
    public void ReadItem(Span<byte> item)
    {
        int length = ReadUpTo(item);
        if (length < item.Length)
        {
            throw Error(
                Invariant($"the header states {Dimensions[0]} items of {ItemLength} bytes. Received: {(_read - _headerLength) / ItemLength} items, ")
                + "where the file ends");
        }
    }

    /// <summary>Checks that nothing follows the items.</summary>
    /// <exception cref="InvalidDataException">More data follows.</exception>
    public void RequireEnd()
    {
        if (ReadUpTo(stackalloc byte[1]) > 0)
        {
            throw Error(Invariant($"the header states {Dimensions[0]} items of {ItemLength} bytes. Received: more data after them"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>An error about this file.</summary>
    public InvalidDataException Error(string message, Exception? cause = null) => new($"\"{_path}\": {message}.", cause);

    private void ReadHeader(bool isCompressed, long fileLength)
    {
        Span<byte> word = stackalloc byte[4];
        if (ReadUpTo(word) < 4 || word[0] != 0 || word[1] != 0 || word[2] != UnsignedByte || word[3] is < 1 or > 4)
        {
            throw Error(
                "an IDX file of bytes begins with 00 00 08 and the number of dimensions, 1 to 4. "
                + $"Received: {(_read < 4 ? Invariant($"{_read} bytes") : Convert.ToHexString(word))}");
        }

        Dimensions = new int[word[3]];
        long itemLength = 1;
        for (int i = 0; i < Dimensions.Length; i++)
        {
            if (ReadUpTo(word) < 4)
            {
                throw Error(Invariant($"the header has {Dimensions.Length} dimensions. Received: {i}, where the file ends"));
            }

            uint dimension = BinaryPrimitives.ReadUInt32BigEndian(word);
            if (dimension is 0 or > int.MaxValue)
            {
                throw Error(Invariant($"a dimension is from 1 to {int.MaxValue}. Received: {dimension}"));
            }

            Dimensions[i] = (int)dimension;
            itemLength = i == 0 ? 1 : itemLength * dimension;
            if (itemLength > Array.MaxLength)
            {
                throw Error(Invariant($"an item has at most {Array.MaxLength} bytes. Received: {string.Join("x", Dimensions[1..(i + 1)].Select(length => Invariant($"{length}")))}"));
            }
        }

        ItemLength = (int)itemLength;
        _headerLength = _read;
        RequirePlausibleLength(isCompressed, fileLength);
    }

    // Before anything is taken from memory because a header says so.
    private void RequirePlausibleLength(bool isCompressed, long fileLength)
    {
        decimal stated = (decimal)Dimensions[0] * ItemLength;
        if (!isCompressed && stated != fileLength - _headerLength)
        {
            throw Error(
                Invariant($"the header states {Dimensions[0]} items of {ItemLength} bytes, {stated} bytes in all. ")
                + Invariant($"Received: {fileLength - _headerLength} bytes after the header"));
        }

        if (isCompressed && stated > fileLength * DeflateRatio.Most)
        {
            throw Error(
                Invariant($"the header states {Dimensions[0]} items of {ItemLength} bytes, {stated} bytes in all. ")
                + Invariant($"Received: {fileLength} compressed bytes, which cannot hold as many"));
        }
    }

    private int ReadUpTo(Span<byte> bytes)
    {
        int length = 0;
        try
        {
            while (length < bytes.Length)
            {
                int read = _stream.Read(bytes[length..]);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw Error("the compressed data are damaged or cut off", exception);
        }

        _read += length;
        return length;
    }
}
