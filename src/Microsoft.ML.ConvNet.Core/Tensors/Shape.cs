using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Tensors;

/// <summary>
/// The dimensions of a tensor, outermost first. Images are <c>[H, W, C]</c>, batches of images <c>[N, H, W, C]</c>, vectors <c>[F]</c>.
/// Two shapes are equal when their dimensions are.
/// </summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IEnumerable<int>
{
    private readonly ImmutableArray<int> _dimensions;

    /// <summary>Makes a shape of the given dimensions, outermost first.</summary>
    /// <exception cref="ArgumentException">A dimension is smaller than 1, or their product exceeds what an array can address.</exception>
    public Shape(params int[] dimensions)
        : this((ReadOnlySpan<int>)dimensions)
    {
    }

    /// <inheritdoc cref="Shape(int[])"/>
    public Shape(ReadOnlySpan<int> dimensions)
    {
        long count = 1;
        foreach (int dimension in dimensions)
        {
            if (dimension < 1)
            {
                throw new ArgumentException($"A dimension of a shape is at least 1. Received: {Text(dimensions)}.", nameof(dimensions));
            }

            count *= dimension;
            if (count > int.MaxValue)
            {
                throw new ArgumentException(
                    Invariant($"A shape holds at most {int.MaxValue:N0} elements. Received: {Text(dimensions)}."), nameof(dimensions));
            }
        }

        _dimensions = [.. dimensions];
        ElementCount = (int)count;
    }

    /// <summary>The number of dimensions.</summary>
    public int Rank => _dimensions.IsDefault ? 0 : _dimensions.Length;

    /// <summary>The number of elements: the product of the dimensions.</summary>
    public int ElementCount { get; }

    /// <summary>Whether this is an image, <c>[H, W, C]</c>.</summary>
    public bool IsImage => Rank == 3;

    /// <summary>The innermost dimension: the channels of an image, the length of a vector.</summary>
    public int Channels => this[Rank - 1];

    /// <summary>The height of an image <c>[H, W, C]</c>; 1 for any other shape.</summary>
    public int Height => IsImage ? this[0] : 1;

    /// <summary>The width of an image <c>[H, W, C]</c>; 1 for any other shape.</summary>
    public int Width => IsImage ? this[1] : 1;

    /// <summary>The dimension at a position, outermost first.</summary>
    public int this[int index] => _dimensions[index];

    /// <summary>Makes a shape from a collection expression.</summary>
    public static Shape Create(ReadOnlySpan<int> dimensions) => new(dimensions);

    /// <summary>Reads a shape written as <c>28x28x1</c>.</summary>
    /// <exception cref="FormatException">The text is not a list of whole numbers of at least 1, separated by <c>x</c>.</exception>
    public static Shape Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('x');
        int[] dimensions = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out dimensions[i]) || dimensions[i] < 1)
            {
                throw new FormatException($"A shape is written as whole numbers joined by 'x', such as 28x28x1. Received: \"{text}\".");
            }
        }

        return new Shape(dimensions);
    }

    /// <summary>Whether two shapes have the same dimensions.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ in a dimension.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>This shape with one more dimension outermost: the shape of a batch of <paramref name="batch"/> such tensors.</summary>
    public Shape WithBatch(int batch) => new([batch, .. AsSpan()]);

    /// <inheritdoc/>
    public bool Equals(Shape other) => AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int dimension in AsSpan())
        {
            hash.Add(dimension);
        }

        return hash.ToHashCode();
    }

    /// <summary>The dimensions, outermost first.</summary>
    public ReadOnlySpan<int> AsSpan() => _dimensions.IsDefault ? default : _dimensions.AsSpan();

    /// <summary>The dimensions joined by <c>x</c>: <c>28x28x1</c>; a scalar is written as <c>scalar</c>.</summary>
    public override string ToString() => Rank == 0 ? "scalar" : Text(AsSpan());

    /// <summary>Enumerates the dimensions, outermost first.</summary>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_dimensions.IsDefault ? [] : _dimensions)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Text(ReadOnlySpan<int> dimensions)
    {
        DefaultInterpolatedStringHandler text = new(dimensions.Length, dimensions.Length, CultureInfo.InvariantCulture);
        for (int i = 0; i < dimensions.Length; i++)
        {
            if (i > 0)
            {
                text.AppendLiteral("x");
            }

            text.AppendFormatted(dimensions[i]);
        }

        return text.ToStringAndClear();
    }
}
