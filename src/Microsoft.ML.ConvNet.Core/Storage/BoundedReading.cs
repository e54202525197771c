using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>Reads streams that may hold more than they should, such as a damaged or a hostile file.</summary>
public static class BoundedReading
{
    private const int ChunkLength = 64 * 1024;

    /// <summary>Reads a stream to its end into memory, which grows with what is read and not with what a header states.</summary>
    /// <param name="stream">The stream; it need not be able to seek.</param>
    /// <param name="most">The most bytes that it may hold.</param>
    /// <param name="content">What it holds, as the beginning of the sentence "has at most so many bytes".</param>
    /// <returns>The bytes, from the first.</returns>
    /// <exception cref="ModelFormatException">The stream holds more.</exception>
    public static MemoryStream ReadToEnd(Stream stream, long most, string content)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long limit = Math.Min(most, Array.MaxLength);
        MemoryStream memory = new();
        byte[] chunk = new byte[ChunkLength];
        for (int count = stream.Read(chunk); count > 0; count = stream.Read(chunk))
        {
            if (memory.Length + count > limit)
            {
                memory.Dispose();
                throw new ModelFormatException(Invariant($"{content} at most {limit:N0} bytes. Received: more."));
            }

            memory.Write(chunk, 0, count);
        }

        memory.Position = 0;
        return memory;
    }

    /// <summary>Reads so many bytes into memory, which grows with what is read and not with the number.</summary>
    /// <param name="stream">The stream; it need not be able to seek.</param>
    /// <param name="count">The number of bytes.</param>
    /// <returns>The bytes, from the first.</returns>
    /// <exception cref="EndOfStreamException">The stream holds fewer.</exception>
    internal static MemoryStream ReadExactly(Stream stream, int count)
    {
        MemoryStream memory = new(Math.Min(count, ChunkLength));
        byte[] chunk = new byte[Math.Min(count, ChunkLength)];
        while (memory.Length < count)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(count - memory.Length, ChunkLength));
            stream.ReadExactly(part);
            memory.Write(part);
        }

        memory.Position = 0;
        return memory;
    }
}
