using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>A hyperparameter of a kind of layer as the field of a JSON object.</summary>
internal sealed class HyperparameterField
{
    private readonly PropertyInfo _property;
    private readonly JsonTypeInfo _form;
    private readonly JsonNode? _default;

    /// <summary>The field of a hyperparameter.</summary>
    /// <param name="property">The hyperparameter.</param>
    /// <param name="defaults">A layer with the defaults.</param>
    /// <exception cref="NotSupportedException">The context knows no form in JSON for values of its type.</exception>
    public HyperparameterField(PropertyInfo property, Layer defaults)
    {
        _property = property;
        _form = HyperparameterJsonContext.Default.GetTypeInfo(property.PropertyType) ?? throw new NotSupportedException(
            $"{defaults.Kind}: a hyperparameter is of a type that {nameof(HyperparameterJsonContext)} lists. "
            + $"Received: {property.Name}, {property.PropertyType.Name}.");
        Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        _default = Write(defaults);
    }

    /// <summary>The field's name: kernelSize.</summary>
    public string Name { get; }

    /// <summary>The value of a layer.</summary>
    public JsonNode? Write(Layer layer) => JsonSerializer.SerializeToNode(_property.GetValue(layer), _form);

    /// <summary>Whether a value is the default.</summary>
    public bool IsDefault(JsonNode? value) => JsonNode.DeepEquals(value, _default);

    /// <summary>Gives a layer, which nobody else has seen yet, a value.</summary>
    /// <exception cref="JsonException">The value has another form.</exception>
    public void Read(Layer layer, JsonElement value) => _property.SetValue(layer, value.Deserialize(_form));
}
