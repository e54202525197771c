namespace Microsoft.ML.ConvNet.Storage;

/// <summary>A stream that is read or written from its beginning to its end, and shows somebody each byte that passes.</summary>
/// <remarks>
/// It tells position and length as the other does, so that who reads knows how much there is; it does not go elsewhere. The other stream is
/// not disposed of with it.
/// </remarks>
internal sealed class WatchedStream(Stream inner, WatchedStream.Watcher watch) : Stream
{
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

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
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
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream is read from its beginning to its end.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("The stream is written from its beginning to its end.");
}
