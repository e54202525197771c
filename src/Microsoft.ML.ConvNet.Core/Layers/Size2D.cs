using System.Globalization;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>A height and a width, in elements: of a window, a stride, a dilation or an output. A whole number converts to a square.</summary>
/// <param name="Height">The height, in rows.</param>
/// <param name="Width">The width, in columns.</param>
public readonly record struct Size2D(int Height, int Width)
{
    /// <summary>A square.</summary>
    public static implicit operator Size2D(int size) => new(size, size);

    /// <summary>A height and a width.</summary>
    public static implicit operator Size2D((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>A square of the given size.</summary>
    public static Size2D FromInt32(int size) => new(size, size);

    /// <summary>A size of the given height and width.</summary>
    public static Size2D FromValueTuple((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>The height and the width joined by <c>x</c>: <c>3x3</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");
}
