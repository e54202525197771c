using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>
/// A file of events as TensorBoard reads them: TFRecord frames (length, masked CRC-32C of it, content, masked CRC-32C of that), each with an Event
/// message of protocol buffers, of which the fields that scalars need are written here.
/// </summary>
internal sealed class TensorBoardEvents : IDisposable
{
    private const uint MaskDelta = 0xa282ead8;

    // Numbers of the fields in event.proto and summary.proto.
    private const int WallTime = 1;
    private const int Step = 2;
    private const int FileVersion = 3;
    private const int Summary = 5;
    private const int SummaryValue = 1;
    private const int ValueTag = 1;
    private const int ValueSimple = 2;

    private readonly FileStream _file;

    private TensorBoardEvents(FileStream file) => _file = file;

    /// <summary>Begins a file in a folder, which is made where it is not there.</summary>
    public static TensorBoardEvents Create(string folder)
    {
        _ = Directory.CreateDirectory(folder);
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0:F3}.{Environment.MachineName}.{Environment.ProcessId}");
        TensorBoardEvents events = new(new FileStream(Path.Combine(folder, name), FileMode.Create, FileAccess.Write, FileShare.ReadWrite));
        events.WriteEvent(0, content => WriteBytes(content, FileVersion, "brain.Event:2"u8));
        return events;
    }

    /// <summary>Writes scalars of a step; those without a number are left out.</summary>
    public void Write(long step, params ReadOnlySpan<(string Tag, float? Value)> scalars)
    {
        using MemoryStream summary = new();
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        foreach ((string tag, float? value) in scalars)
        {
            if (value is { } number)
            {
                using MemoryStream scalar = new();
                WriteBytes(scalar, ValueTag, Encoding.UTF8.GetBytes(tag));
                WriteKey(scalar, ValueSimple, wireType: 5);
                BinaryPrimitives.WriteSingleLittleEndian(bytes, number);
                scalar.Write(bytes);
                WriteBytes(summary, SummaryValue, scalar.ToArray());
            }
        }

        WriteEvent(step, content => WriteBytes(content, Summary, summary.ToArray()));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void WriteBytes(Stream stream, int field, ReadOnlySpan<byte> bytes)
    {
        WriteKey(stream, field, wireType: 2);
        WriteWhole(stream, (ulong)bytes.Length);
        stream.Write(bytes);
    }

    private static void WriteKey(Stream stream, int field, int wireType) => WriteWhole(stream, (ulong)((field << 3) | wireType));

    private static void WriteWhole(Stream stream, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            stream.WriteByte((byte)(number | 0x80));
        }

        stream.WriteByte((byte)number);
    }

    private static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        uint checksum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        return BitOperations.RotateRight(~checksum, 15) + MaskDelta;
    }

    private void WriteEvent(long step, Action<Stream> content)
    {
        using MemoryStream message = new();
        WriteKey(message, WallTime, wireType: 1);
        Span<byte> number = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(number, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);
        message.Write(number);
        WriteKey(message, Step, wireType: 0);
        WriteWhole(message, (ulong)step);
        content(message);
        WriteFrame(message.ToArray());
    }

    private void WriteFrame(ReadOnlySpan<byte> content)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedChecksum(length));
        _file.Write(length);
        _file.Write(checksum);
        _file.Write(content);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedChecksum(content));
        _file.Write(checksum);

        // Who looks on sees each epoch at once.
        _file.Flush();
    }
}
