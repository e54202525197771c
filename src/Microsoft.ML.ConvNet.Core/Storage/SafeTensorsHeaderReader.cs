using System.Text.Json;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>Reads the JSON of a safetensors header, strictly: nothing twice, nothing unknown, nothing missing.</summary>
internal static class SafeTensorsHeaderReader
{
    private const int MaximumRank = 32;

    /// <summary>Parses a header. The entries come in the order of their offsets, whatever the order in the text.</summary>
    /// <exception cref="ModelFormatException">The header is malformed.</exception>
    public static SafeTensorsHeader Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            Utf8JsonReader reader = new(json);
            if (json.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
            {
                throw new ModelFormatException("The header of a safetensors file is a JSON object. Received: text that does not begin with {.");
            }

            reader.Read();
            SafeTensorsHeader header = ReadObject(ref reader);
            reader.Read();
            return header;
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(
                Invariant($"The header of a safetensors file is a JSON object. Received: text that is not JSON at byte {exception.BytePositionInLine} ")
                + Invariant($"of line {exception.LineNumber + 1}."),
                exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new ModelFormatException(
                "The header of a safetensors file is text in UTF-8. Received: bytes or escapes that are no character.", exception);
        }
    }

    private static SafeTensorsHeader ReadObject(ref Utf8JsonReader reader)
    {
        List<SafeTensorsEntry> entries = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name))
            {
                throw new ModelFormatException($"Tensor {QuotedText.Of(name)}: the header names it once. Received: the name twice.");
            }

            reader.Read();
            if (name == SafeTensorsHeader.MetadataName)
            {
                ReadMetadata(ref reader, metadata);
            }
            else
            {
                entries.Add(ReadEntry(ref reader, name));
            }
        }

        entries.Sort((left, right) => (left.Begin, left.End).CompareTo((right.Begin, right.End)));
        return new SafeTensorsHeader(entries, metadata);
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        Require(reader.TokenType == JsonTokenType.StartObject, SafeTensorsHeader.MetadataName, "is an object of texts", reader.TokenType);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            Require(reader.TokenType == JsonTokenType.String, SafeTensorsHeader.MetadataName, "is an object of texts", reader.TokenType);
            if (!metadata.TryAdd(key, reader.GetString()!))
            {
                throw new ModelFormatException(
                    $"The metadata of a safetensors file has each key once. Received: {QuotedText.Of(key)} twice.");
            }
        }
    }

    private static SafeTensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        Require(reader.TokenType == JsonTokenType.StartObject, name, "is an object with dtype, shape and data_offsets", reader.TokenType);
        string? elementType = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "dtype" when elementType == null:
                    Require(reader.TokenType == JsonTokenType.String, name, "has a text as its dtype", reader.TokenType);
                    elementType = reader.GetString();
                    break;
                case "shape" when shape == null:
                    shape = ReadNumbers(ref reader, name, key, MaximumRank);
                    break;
                case "data_offsets" when offsets == null:
                    offsets = ReadNumbers(ref reader, name, key, 2);
                    break;
                default:
                    throw new ModelFormatException(
                        $"Tensor {QuotedText.Of(name)}: has dtype, shape and data_offsets, each once. Received: {QuotedText.Of(key)}.");
            }
        }

        if (elementType == null || shape == null || offsets == null)
        {
            string missing = elementType == null ? "dtype" : shape == null ? "shape" : "data_offsets";
            throw new ModelFormatException(
                $"Tensor {QuotedText.Of(name)}: has dtype, shape and data_offsets, each once. Received: no {missing}.");
        }

        return NewEntry(name, elementType, shape, offsets);
    }

    private static SafeTensorsEntry NewEntry(string name, string elementType, List<long> shape, List<long> offsets)
    {
        SafeTensorsEntry entry = new(name, elementType, shape, offsets.Count > 0 ? offsets[0] : 0, offsets.Count > 1 ? offsets[1] : 0);
        Int128 count = shape.Contains(0) ? 0 : 1;
        foreach (long dimension in shape)
        {
            // A factor of 63 bits to a product of as many.
            count *= dimension;
            if (dimension < 0 || count > long.MaxValue)
            {
                throw new ModelFormatException(
                    Invariant($"Tensor {QuotedText.Of(name)}: its dimensions are at least 0 and its elements at most {long.MaxValue}. ")
                    + $"Received: shape {entry.ShapeText}.");
            }
        }

        if (offsets.Count != 2 || offsets[0] < 0 || offsets[1] < offsets[0])
        {
            throw new ModelFormatException(
                $"Tensor {QuotedText.Of(name)}: its data_offsets are where it begins and where it ends. Received: {SafeTensorsEntry.TextOf(offsets)}.");
        }

        // How many bytes others take is not known here; where their numbers are not needed it does not matter.
        if (SafeTensorsElements.Parse(elementType) is { } type && entry.End - entry.Begin != count * SafeTensorsElements.SizeOf(type))
        {
            throw new ModelFormatException(
                Invariant($"Tensor {QuotedText.Of(name)}: shape {entry.ShapeText} of {type} takes {(Int128)(count * SafeTensorsElements.SizeOf(type)):N0} ")
                + Invariant($"bytes. Received: data_offsets {SafeTensorsEntry.TextOf(offsets)}, {offsets[1] - offsets[0]:N0} bytes."));
        }

        return entry;
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string key, int maximum)
    {
        Require(reader.TokenType == JsonTokenType.StartArray, name, $"has a list of whole numbers as its {key}", reader.TokenType);
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || numbers.Count == maximum)
            {
                throw new ModelFormatException(
                    Invariant($"Tensor {QuotedText.Of(name)}: its {key} is a list of at most {maximum} whole numbers. ")
                    + $"Received: {SafeTensorsEntry.TextOf(numbers)} and then more or something else.");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private static void Require(bool isSo, string name, string expected, JsonTokenType received)
    {
        if (!isSo)
        {
            throw new ModelFormatException($"Tensor {QuotedText.Of(name)}: {expected}. Received: {received}.");
        }
    }
}
