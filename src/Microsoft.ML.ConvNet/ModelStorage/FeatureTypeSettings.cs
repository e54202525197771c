using System.Globalization;
using System.Text.Json;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.ModelStorage;

/// <summary>The type of the column that was trained on, as it is written: images, or vectors of bytes or floats.</summary>
internal sealed record FeatureTypeSettings
{
    private const string Image = "Image";

    // Four whole numbers multiply within 128 bits.
    private const int MostDimensions = 4;

    /// <summary>What a value is: Image, Single or Byte.</summary>
    public string? Item { get; init; }

    /// <summary>The dimensions of a vector; the height and the width of images that have one size.</summary>
    public IReadOnlyList<int>? Dimensions { get; init; }

    /// <summary>What is written of a type.</summary>
    public static FeatureTypeSettings Of(DataViewType type) => type switch
    {
        ImageDataViewType { Height: > 0, Width: > 0 } image => new() { Item = Image, Dimensions = [image.Height, image.Width] },
        VectorDataViewType { IsKnownSize: false } vector => new() { Item = vector.ItemType.RawType.Name, Dimensions = [] },
        VectorDataViewType vector => new() { Item = vector.ItemType.RawType.Name, Dimensions = [.. vector.Dimensions] },
        _ => new() { Item = Image },
    };

    /// <summary>What a value of the column is, by the settings of a model as they are written; null where they do not say.</summary>
    public static string? ItemOf(ReadOnlyMemory<byte> settings)
    {
        using JsonDocument document = JsonDocument.Parse(settings);
        return document.RootElement.TryGetProperty("featureType", out JsonElement type) && type.ValueKind == JsonValueKind.Object
            && type.TryGetProperty("item", out JsonElement item) && item.ValueKind == JsonValueKind.String
                ? item.GetString()
                : null;
    }

    /// <summary>The type that was written; where it cannot be made out, vectors of floats of the network's input.</summary>
    public static DataViewType TypeOf(FeatureTypeSettings? settings, Shape input)
    {
        int[] dimensions = settings?.Dimensions is { Count: > 0 } written && written.All(dimension => dimension > 0) ? [.. written] : [];
        Int128 size = dimensions.Take(MostDimensions).Aggregate(Int128.One, (product, dimension) => product * dimension);
        ModelFormatException.Require(
            dimensions.Length <= MostDimensions && size <= int.MaxValue,
            FormattableString.Invariant($"the column's type has at most {MostDimensions} dimensions and {int.MaxValue} values. ")
                + $"Received: [{string.Join(", ", dimensions.Take(MostDimensions).Select(dimension => dimension.ToString(CultureInfo.InvariantCulture)))}{(dimensions.Length > MostDimensions ? ", ..." : string.Empty)}].");
        return (settings?.Item, dimensions.Length) switch
        {
            (Image, 2) => new ImageDataViewType(dimensions[0], dimensions[1]),
            (Image, _) => new ImageDataViewType(),
            (nameof(Byte), 0) when settings?.Dimensions is not null => new VectorDataViewType(NumberDataViewType.Byte),
            (nameof(Byte), > 0) => new VectorDataViewType(NumberDataViewType.Byte, dimensions),
            (nameof(Single), > 0) => new VectorDataViewType(NumberDataViewType.Single, dimensions),
            _ => new VectorDataViewType(NumberDataViewType.Single, input.ToArray()),
        };
    }
}
