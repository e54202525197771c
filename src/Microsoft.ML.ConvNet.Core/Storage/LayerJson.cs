using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// A layer's hyperparameters as the fields of a JSON object. What has its default value is left out. A hyperparameter without a default
/// that is left out is read as zero, which the layer itself refuses by name.
/// </summary>
internal static class LayerJson
{
    /// <summary>The field that holds the kind of layer.</summary>
    public const string KindField = "layer";

    /// <summary>One of each layer that has hyperparameters, with its defaults; where there is no default, zero.</summary>
    private static readonly FrozenDictionary<Type, Layer> Defaults = new Layer[]
    {
        new Conv2D(0, 0),
        new Dense(0),
        new MaxPool2D(0),
        new AvgPool2D(0),
        new AdaptiveMaxPool2D(0),
        new AdaptiveAvgPool2D(0),
        new BatchNorm(),
        new Dropout(),
        new LeakyReLU(),
        new ELU(),
        new CELU(),
        new HardSigmoid(),
        new ThresholdedReLU(),
        new ClippedReLU(),
        new Scale(),
        new GELU(),
        new PReLU(),
        new GroupNorm(0),
        new InstanceNorm(),
        new LocalResponseNorm(),
        new DepthwiseConv2D(0),
        new ConvTranspose2D(0, 0),
        new Conv1D(0, 0),
        new MaxPool1D(0),
        new AvgPool1D(0),
        new Concat(),
        new Permute(default),
        new Reshape(default),
        new ChannelShuffle(0),
        new Compare(default),
        new Constant(default),
        new Reduce(default, default),
        new Slice(default, default, default),
        new Pad(default, default),
        new Gather(0, default),
        new Expand(default),
        new LpPool2D(0),
        new Resize2D(0),
        new Upsample2D(0),
        new RoiPool2D(0),
        new RoiAlign2D(0),
    }.ToFrozenDictionary(layer => layer.GetType());

    private static readonly FrozenDictionary<string, Type> Kinds = LayerJsonContext.Default.Layer.PolymorphismOptions!.DerivedTypes
        .ToFrozenDictionary(derived => (string)derived.TypeDiscriminator!, derived => derived.DerivedType, StringComparer.Ordinal);

    /// <summary>The kind of a layer, and those of its hyperparameters that differ from their defaults.</summary>
    public static (string Kind, IReadOnlyList<KeyValuePair<string, JsonNode?>> Hyperparameters) Write(Layer layer)
    {
        JsonObject all = ToObject(layer);
        JsonObject defaults = DefaultsOf(layer.GetType());
        return (
            all[KindField]!.GetValue<string>(),
            [.. all.Where(field => field.Key != KindField && !JsonNode.DeepEquals(field.Value, defaults[field.Key]))]);
    }

    /// <summary>The layer of a kind with the given hyperparameters.</summary>
    /// <param name="kind">The kind, as registered.</param>
    /// <param name="name">The layer's name, for errors.</param>
    /// <param name="hyperparameters">Those that the file gives.</param>
    /// <exception cref="ModelFormatException">There is no such kind or hyperparameter, or a value is not of the kind it should be.</exception>
    public static Layer Read(string kind, string name, IReadOnlyDictionary<string, JsonElement> hyperparameters)
    {
        if (!Kinds.TryGetValue(kind, out Type? type))
        {
            throw new ModelFormatException(
                $"Layer {QuotedText.Of(name)}: its kind is one of {string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal))}. "
                + $"Received: {QuotedText.Of(kind)}.");
        }

        JsonObject fields = DefaultsOf(type);
        JsonObject layer = new() { [KindField] = kind };
        foreach ((string field, JsonElement value) in hyperparameters)
        {
            if (field == KindField || !fields.ContainsKey(field))
            {
                IEnumerable<string> known = fields.Select(pair => pair.Key).Where(key => key != KindField);
                throw new ModelFormatException(
                    $"{kind} {QuotedText.Of(name)}: has the hyperparameters [{string.Join(", ", known)}]. Received: {QuotedText.Of(field)}.");
            }

            fields[field] = ToNode(value);
        }

        foreach ((string field, JsonNode? value) in fields)
        {
            layer[field] = value?.DeepClone();
        }

        try
        {
            return layer.Deserialize(LayerJsonContext.Default.Layer)!;
        }
        catch (JsonException exception)
        {
            string field = (exception.Path ?? string.Empty).TrimStart('$', '.').Split('[', '.')[0];
            string received = hyperparameters.TryGetValue(field, out JsonElement value) ? QuotedText.Plain(value.GetRawText()) : "nothing";
            throw new ModelFormatException(
                $"{kind} {QuotedText.Of(name)}: the hyperparameter \"{field}\" has another form. Received: {received}.", exception);
        }
    }

    private static JsonObject DefaultsOf(Type type) =>
        Defaults.TryGetValue(type, out Layer? layer) ? ToObject(layer) : [];

    private static JsonObject ToObject(Layer layer)
    {
        JsonTypeInfo<Layer> typeInfo = LayerJsonContext.Default.Layer;
        return (JsonObject)JsonSerializer.SerializeToNode(layer, typeInfo)!;
    }

    private static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => JsonArray.Create(element),
        JsonValueKind.Object => JsonObject.Create(element),
        _ => JsonValue.Create(element),
    };
}
