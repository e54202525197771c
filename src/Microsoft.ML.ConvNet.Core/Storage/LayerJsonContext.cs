using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>How layers become JSON, generated when the library is built, so that it may be trimmed or compiled ahead of time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(Size2DConverter),
        typeof(PaddingConverter),
        typeof(InitializationConverter),
        typeof(Padding1DConverter),
        typeof(EnumConverter<ResizeMode>),
        typeof(EnumConverter<ResizeCoordinates>),
        typeof(EnumConverter<NearestRounding>),
        typeof(EnumConverter<RoiAlignMode>),
    ])]
[JsonSerializable(typeof(Layer))]
internal sealed partial class LayerJsonContext : JsonSerializerContext;
