using System.Collections.Concurrent;
using System.Text.Json;
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

    private static readonly ConcurrentDictionary<string, HyperparameterField[]> Fields = new(StringComparer.Ordinal);

    /// <summary>The kind of a layer, and those of its hyperparameters that differ from their defaults, as JSON.</summary>
    public static (string Kind, IReadOnlyList<(string Name, string Value)> Hyperparameters) Write(Layer layer)
    {
        LayerKind kind = LayerKinds.ByType[layer.GetType()];
        List<(string Name, string Value)> hyperparameters = [];
        foreach (HyperparameterField field in FieldsOf(kind))
        {
            string value = field.Write(layer);
            if (value != field.Write(kind.Defaults))
            {
                hyperparameters.Add((field.Name, value));
            }
        }

        return (kind.Name, hyperparameters);
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

        HyperparameterField[] fields = FieldsOf(registered);
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

    private static HyperparameterField[] FieldsOf(LayerKind kind) =>
        Fields.GetOrAdd(kind.Name, static (_, kind) => [.. kind.Hyperparameters.Select(property => new HyperparameterField(property))], kind);
}
