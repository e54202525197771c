using System.Text.Json;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>The fields of a JSON object, read strictly: each once, and of the kind that is asked for.</summary>
/// <param name="Owner">What the object describes, for errors.</param>
/// <param name="Values">The fields.</param>
internal sealed record JsonFields(string Owner, Dictionary<string, JsonElement> Values)
{
    /// <summary>Reads an object.</summary>
    /// <exception cref="ModelFormatException">It is no object, or has a field twice.</exception>
    public static JsonFields Of(JsonElement element, string owner)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ModelFormatException($"{owner}: is a JSON object. Received: {Received(element)}.");
        }

        Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!values.TryAdd(property.Name, property.Value))
            {
                throw new ModelFormatException($"{owner}: has each field once. Received: {QuotedText.Of(property.Name)} twice.");
            }
        }

        return new JsonFields(owner, values);
    }

    /// <summary>Takes a field that must be there.</summary>
    /// <exception cref="ModelFormatException">It is not there, or is something else.</exception>
    public JsonElement Take(string name, JsonValueKind kind, string form) => TryTake(name, kind, form)
        ?? throw new ModelFormatException($"{Owner}: \"{name}\" is {form}. Received: no such field.");

    /// <summary>Takes a field that may be missing.</summary>
    /// <exception cref="ModelFormatException">It is something else.</exception>
    public JsonElement? TryTake(string name, JsonValueKind kind, string form)
    {
        if (!Values.Remove(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == kind
            ? value
            : throw new ModelFormatException($"{Owner}: \"{name}\" is {form}. Received: {Received(value)}.");
    }

    /// <summary>Takes a field that is true or false; false where it is missing.</summary>
    /// <exception cref="ModelFormatException">It is something else.</exception>
    public bool TakeFlag(string name)
    {
        if (!Values.Remove(name, out JsonElement value))
        {
            return false;
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw new ModelFormatException($"{Owner}: \"{name}\" is true or false. Received: {Received(value)}.");
    }

    /// <summary>Demands that all fields were taken.</summary>
    /// <exception cref="ModelFormatException">There is one more.</exception>
    public void RequireEmpty()
    {
        if (Values.Count > 0)
        {
            throw new ModelFormatException($"{Owner}: Received: the unknown field {QuotedText.First(Values.Keys, 1)}.");
        }
    }

    /// <summary>A value as an error message may show it.</summary>
    public static string Received(JsonElement element) => QuotedText.Plain(element.GetRawText());
}
