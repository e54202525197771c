namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

/// <summary>A file of any length that takes no memory: some bytes, then zeros. It counts what is read of it.</summary>
/// <param name="beginning">The bytes that it begins with.</param>
/// <param name="length">Its length.</param>
/// <param name="canSeek">Whether it can be read from any place; else it is as an entry of an archive.</param>
internal sealed class LargeFile(byte[] beginning, long length, bool canSeek) : Stream
{
    private long _position;

    /// <summary>The bytes that were read.</summary>
    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => canSeek;

    public override bool CanWrite => false;

    public override long Length => canSeek ? length : throw new NotSupportedException();

    public override long Position
    {
        get => canSeek ? _position : throw new NotSupportedException();
        set => _position = canSeek ? value : throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        // As a decompressor does, it may give fewer than were asked for.
        int count = (int)Math.Min(Math.Min(buffer.Length, 50_000), length - _position);
        Span<byte> part = buffer[..count];
        part.Clear();
        if (_position < beginning.Length)
        {
            int known = (int)Math.Min(count, beginning.Length - _position);
            beginning.AsSpan((int)_position, known).CopyTo(part);
        }

        _position += count;
        BytesRead += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        Assert.IsTrue(canSeek, "An entry of an archive cannot be read from any place.");
        return _position = offset + (origin == SeekOrigin.Current ? _position : origin == SeekOrigin.End ? length : 0);
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
