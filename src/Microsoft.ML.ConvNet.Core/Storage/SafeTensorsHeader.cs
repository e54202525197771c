using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// The header of a safetensors file: eight bytes with its length, little-endian, then a JSON object that gives each tensor's type,
/// shape and place, and spaces up to a multiple of eight bytes.
/// </summary>
/// <param name="Entries">The tensors, in the order in which they lie in the file, one directly behind the other.</param>
/// <param name="Metadata">Free text by key.</param>
internal sealed record SafeTensorsHeader(
    IReadOnlyList<SafeTensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The most bytes that a header may have.</summary>
    public const int MaximumLength = 100_000_000;

    /// <summary>The name under which the header holds free text instead of a tensor.</summary>
    public const string MetadataName = "__metadata__";

    private const int PrefixLength = sizeof(ulong);

    /// <summary>
    /// Reads a header and checks all of it, against the bytes that there are where that is known, before memory is taken for a tensor.
    /// </summary>
    /// <param name="stream">The file, at its beginning.</param>
    /// <exception cref="ModelFormatException">The header is malformed, or does not describe these bytes.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within the header.</exception>
    public static SafeTensorsHeader Read(Stream stream)
    {
        // A stream that cannot seek does not say how long it is; an entry of an archive has a length.
        long? length = WatchedStream.BytesLeftOf(stream);
        if (length < PrefixLength)
        {
            throw new ModelFormatException(Invariant($"A safetensors file begins with {PrefixLength} bytes of length. Received: {length} bytes in all."));
        }

        Span<byte> prefix = stackalloc byte[PrefixLength];
        stream.ReadExactly(prefix);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > MaximumLength || headerLength > (ulong)((length ?? long.MaxValue) - PrefixLength))
        {
            throw new ModelFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"The header of a safetensors file lies within the file and has at most {MaximumLength:N0} bytes. ")
                + string.Create(CultureInfo.InvariantCulture, $"Received: a header of {headerLength:N0} bytes")
                + (length is { } all ? string.Create(CultureInfo.InvariantCulture, $" in a file of {all:N0}.") : "."));
        }

        using MemoryStream json = BoundedReading.ReadExactly(stream, (int)headerLength);
        SafeTensorsHeader header = SafeTensorsHeaderReader.Parse(json.GetBuffer().AsSpan(0, (int)json.Length));
        header.RequireExactCover(length - PrefixLength - json.Length);
        return header;
    }

    /// <summary>Writes the header of tensors that will follow in the given order.</summary>
    public static void Write(
        Stream stream, IReadOnlyList<(string Name, Shape Shape, SafeTensorsElementType Type)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject(MetadataName);
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            long begin = 0;
            foreach ((string name, Shape shape, SafeTensorsElementType type) in tensors)
            {
                long end = begin + ((shape.Rank == 0 ? 1L : shape.ElementCount) * SafeTensorsElements.SizeOf(type));
                WriteEntry(writer, name, shape, type, begin, end);
                begin = end;
            }

            writer.WriteEndObject();
        }

        int padded = (json.WrittenCount + 7) / 8 * 8;
        if (padded > MaximumLength)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The header of a safetensors file has at most {MaximumLength:N0} bytes. ")
                + string.Create(CultureInfo.InvariantCulture, $"Received: {tensors.Count:N0} tensors and metadata that need {padded:N0}."),
                nameof(tensors));
        }

        Span<byte> prefix = stackalloc byte[PrefixLength];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)padded);
        stream.Write(prefix);
        stream.Write(json.WrittenSpan);
        stream.Write("        "u8[..(padded - json.WrittenCount)]);
    }

    private static void WriteEntry(Utf8JsonWriter writer, string name, Shape shape, SafeTensorsElementType type, long begin, long end)
    {
        writer.WriteStartObject(name);
        writer.WriteString("dtype", type.ToString());
        writer.WriteStartArray("shape");
        foreach (int dimension in shape.AsSpan())
        {
            writer.WriteNumberValue(dimension);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(begin);
        writer.WriteNumberValue(end);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Demands that the tensors cover the bytes after the header, each byte once.</summary>
    private void RequireExactCover(long? dataLength)
    {
        long at = 0;
        foreach (SafeTensorsEntry entry in Entries)
        {
            if (entry.Begin != at)
            {
                throw new ModelFormatException(
                    Invariant($"Tensor {QuotedText.Of(entry.Name)}: begins where the one before it ends, at byte {at:N0} of the data. ")
                    + Invariant($"Received: {entry.Begin:N0}, which leaves {(entry.Begin > at ? "a hole" : "an overlap")}."));
            }

            if (entry.End > dataLength)
            {
                throw new ModelFormatException(
                    Invariant($"Tensor {QuotedText.Of(entry.Name)}: ends at byte {entry.End:N0} of the data. ")
                    + Invariant($"Received: a file with {dataLength:N0} bytes of data."));
            }

            at = entry.End;
        }

        if (at < dataLength)
        {
            throw new ModelFormatException(
                Invariant($"The tensors cover all of a safetensors file. Received: {dataLength - at:N0} bytes after the last tensor."));
        }
    }
}
