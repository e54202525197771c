namespace Microsoft.ML.ConvNet.Storage;

/// <summary>A stream that is read or written from its beginning to its end, and shows somebody each byte that passes.</summary>
/// <remarks>
/// It tells position and length as the other does, so that who reads knows how much there is; it goes forward only. The other stream is
/// not disposed of with it. Where the other cannot seek, somebody else may know how many bytes it has: an archive says so of its entries.
/// </remarks>
internal sealed class WatchedStream(Stream inner, WatchedStream.Watcher watch, long? length = null) : Stream
{
    private long _passed;

    /// <summary>Is shown what passes, piece by piece.</summary>
    public delegate void Watcher(ReadOnlySpan<byte> bytes);

    /// <inheritdoc/>
    public override bool CanRead => inner.CanRead;

    /// <inheritdoc/>
    public override bool CanSeek => inner.CanSeek;

    /// <inheritdoc/>
    public override bool CanWrite => inner.CanWrite;

    /// <inheritdoc/>
    public override long Length => inner.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException("The stream is read from its beginning to its end.");
    }

    /// <summary>How many bytes there are from where a stream is to its end; null where nobody knows.</summary>
    public static long? BytesLeftOf(Stream stream) => stream switch
    {
        { CanSeek: true } => stream.Length - stream.Position,
        WatchedStream watched => watched.BytesLeft,
        _ => null,
    };

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        _passed += count;
        watch(buffer[..count]);
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        watch(buffer);
        inner.Write(buffer);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        if (origin != SeekOrigin.Current || offset < 0)
        {
            throw new NotSupportedException("The stream is read from its beginning to its end.");
        }

        // What is passed over is shown as well.
        byte[] passed = new byte[Math.Min(offset, 64 * 1024)];
        for (long left = offset; left > 0;)
        {
            int count = Read(passed.AsSpan(0, (int)Math.Min(left, passed.Length)));
            if (count == 0)
            {
                break;
            }

            left -= count;
        }

        return Position;
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("The stream is written from its beginning to its end.");

    private long? BytesLeft => length is { } known ? Math.Max(known - _passed, 0) : BytesLeftOf(inner);
}
