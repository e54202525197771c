#nullable disable

using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>The type of a column of images: of one known size, or of any size.</summary>
public sealed class ImageDataViewType : StructuredDataViewType
{
    /// <summary>Rows of every image, or 0 where they differ.</summary>
    public readonly int Height;

    /// <summary>Columns of every image, or 0 where they differ.</summary>
    public readonly int Width;

    public ImageDataViewType(int height, int width)
        : base(typeof(MLImage))
    {
        CheckPositive(height, nameof(height));
        CheckPositive(width, nameof(width));
        if ((long)height * width > int.MaxValue / 4)
        {
            throw new ArgumentOutOfRangeException(nameof(height), $"height * width is too large. Received: {height} x {width}");
        }

        Height = height;
        Width = width;
    }

    public ImageDataViewType()
        : base(typeof(MLImage))
    {
    }

    public override bool Equals(DataViewType other) =>
        ReferenceEquals(this, other) || (other is ImageDataViewType image && Height == image.Height && Width == image.Width);

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => HashCode.Combine(Height, Width);

    public override string ToString() => Height == 0 && Width == 0 ? "Image" : $"Image<{Height}, {Width}>";

    private static void CheckPositive(int value, string name)
    {
        if (value <= 0)
        {
            throw new ArgumentOutOfRangeException(name, $"Must be positive. Received: {value}");
        }
    }
}
