using System.Reflection;
using System.Text.Json;
using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>A hyperparameter of a kind of layer as the field of a JSON object.</summary>
/// <param name="property">The hyperparameter.</param>
/// <exception cref="NotSupportedException">Values of its type have no form in JSON.</exception>
internal sealed class HyperparameterField(PropertyInfo property)
{
    private readonly Func<JsonElement, object?> _read = HyperparameterForms.Reader(property.PropertyType);

    /// <summary>The field's name: kernelSize.</summary>
    public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>The value of a layer, as JSON.</summary>
    public string Write(Layer layer) => HyperparameterForms.Text(property.GetValue(layer));

    /// <summary>Gives a layer, which nobody else has seen yet, a value.</summary>
    /// <exception cref="JsonException">The value has another form.</exception>
    public void Read(Layer layer, JsonElement value) => property.SetValue(layer, _read(value));
}
