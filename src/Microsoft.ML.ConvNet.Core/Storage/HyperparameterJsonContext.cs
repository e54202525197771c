using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// How the values of hyperparameters become JSON, generated when the library is built, so that it may be trimmed or compiled ahead of time.
/// </summary>
[JsonSourceGenerationOptions(
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
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(float))]
[JsonSerializable(typeof(Size2D))]
[JsonSerializable(typeof(Size2D?))]
[JsonSerializable(typeof(Padding))]
[JsonSerializable(typeof(Padding1D))]
[JsonSerializable(typeof(Initialization))]
[JsonSerializable(typeof(Integers))]
[JsonSerializable(typeof(Shape))]
[JsonSerializable(typeof(Comparison))]
[JsonSerializable(typeof(ReduceFunction))]
[JsonSerializable(typeof(PaddingMode))]
[JsonSerializable(typeof(ResizeMode))]
[JsonSerializable(typeof(ResizeCoordinates))]
[JsonSerializable(typeof(NearestRounding))]
[JsonSerializable(typeof(RoiAlignMode))]
internal sealed partial class HyperparameterJsonContext : JsonSerializerContext;
