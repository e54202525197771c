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
        typeof(Padding1DConverter),
        typeof(EnumNameConverter<Initialization>),
        typeof(IntegersConverter),
        typeof(ShapeConverter),
        typeof(EnumNameConverter<Comparison>),
        typeof(EnumNameConverter<ReduceFunction>),
        typeof(EnumNameConverter<PaddingMode>),
        typeof(EnumNameConverter<ResizeMode>),
        typeof(EnumNameConverter<ResizeCoordinates>),
        typeof(EnumNameConverter<NearestRounding>),
        typeof(EnumNameConverter<RoiAlignMode>),
    ])]
[JsonSerializable(typeof(Layer))]
internal sealed partial class LayerJsonContext : JsonSerializerContext;
