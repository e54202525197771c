using System.Text.Json;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>One whole number, or a list of them, in JSON.</summary>
internal static class WholeNumbers
{
    /// <summary>Reads one number, or a list of exactly <paramref name="count"/>.</summary>
    /// <exception cref="JsonException">There is something else.</exception>
    public static int[] Read(ref Utf8JsonReader reader, int count)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return [Next(ref reader)];
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException();
        }

        int[] numbers = new int[count];
        for (int i = 0; i < count; i++)
        {
            reader.Read();
            numbers[i] = Next(ref reader);
        }

        reader.Read();
        return reader.TokenType == JsonTokenType.EndArray ? numbers : throw new JsonException();
    }

    /// <summary>Reads a list of any length.</summary>
    /// <exception cref="JsonException">There is something else.</exception>
    public static int[] ReadList(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException();
        }

        List<int> numbers = [];
        for (reader.Read(); reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            numbers.Add(Next(ref reader));
        }

        return [.. numbers];
    }

    /// <summary>Writes a list.</summary>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<int> numbers)
    {
        writer.WriteStartArray();
        foreach (int number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static int Next(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int number) ? number : throw new JsonException();
}
