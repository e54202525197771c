using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// A layer's hyperparameters as the fields of a JSON object. What has its default value is left out. A hyperparameter without a default
/// that is left out is read as zero, which the layer itself refuses by name.
/// </summary>
internal static class LayerJson
{
    /// <summary>The field that holds the kind of layer.</summary>
    public const string KindField = "layer";

    private static readonly FrozenDictionary<string, HyperparameterField[]> Fields = LayerKinds.All.ToFrozenDictionary(
        kind => kind.Name,
        kind => kind.Hyperparameters.Select(property => new HyperparameterField(property, kind.Defaults)).ToArray(),
        StringComparer.Ordinal);

    /// <summary>The kind of a layer, and those of its hyperparameters that differ from their defaults.</summary>
    public static (string Kind, IReadOnlyList<KeyValuePair<string, JsonNode?>> Hyperparameters) Write(Layer layer)
    {
        string kind = LayerKinds.ByType[layer.GetType()].Name;
        List<KeyValuePair<string, JsonNode?>> hyperparameters = [];
        foreach (HyperparameterField field in Fields[kind])
        {
            JsonNode? value = field.Write(layer);
            if (!field.IsDefault(value))
            {
                hyperparameters.Add(KeyValuePair.Create(field.Name, value));
            }
        }

        return (kind, hyperparameters);
    }

    /// <summary>The layer of a kind with the given hyperparameters.</summary>
    /// <param name="kind">The kind, as registered.</param>
    /// <param name="name">The layer's name, for errors.</param>
    /// <param name="hyperparameters">Those that the file gives.</param>
    /// <exception cref="ModelFormatException">There is no such kind or hyperparameter, or a value is not of the kind it should be.</exception>
    public static Layer Read(string kind, string name, IReadOnlyDictionary<string, JsonElement> hyperparameters)
    {
        if (!LayerKinds.ByName.TryGetValue(kind, out LayerKind? registered))
        {
            string known = string.Join(", ", LayerKinds.ByName.Keys.Order(StringComparer.Ordinal));
            throw new ModelFormatException(
                $"Layer {QuotedText.Of(name)}: its kind is one of {known}. Received: {QuotedText.Of(kind)}.");
        }

        HyperparameterField[] fields = Fields[kind];
        Layer layer = registered.Defaults with { };
        foreach ((string given, JsonElement value) in hyperparameters)
        {
            HyperparameterField field = Array.Find(fields, field => field.Name == given) ?? throw new ModelFormatException(
                $"{kind} {QuotedText.Of(name)}: has the hyperparameters [{string.Join(", ", fields.Select(field => field.Name))}]. "
                + $"Received: {QuotedText.Of(given)}.");
            try
            {
                field.Read(layer, value);
            }
            catch (JsonException exception)
            {
                throw new ModelFormatException(
                    $"{kind} {QuotedText.Of(name)}: the hyperparameter \"{given}\" has another form. "
                    + $"Received: {QuotedText.Plain(value.GetRawText())}.",
                    exception);
            }
        }

        return layer;
    }
}
