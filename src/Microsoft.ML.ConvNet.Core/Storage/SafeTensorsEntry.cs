using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>A tensor as the header of a safetensors file describes it; it may be one that cannot be read as floats.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">What its numbers are stored as, in the file's word.</param>
/// <param name="Dimensions">Its dimensions; one may be 0.</param>
/// <param name="Begin">Where it begins, in bytes after the header.</param>
/// <param name="End">Where the next one begins.</param>
internal sealed record SafeTensorsEntry(string Name, string TypeName, IReadOnlyList<long> Dimensions, long Begin, long End)
{
    /// <summary>Whether it has numbers that can be read as floats, and not more than a tensor can hold.</summary>
    public bool IsReadable => SafeTensorsElements.Parse(TypeName) != null && Fits;

    private bool Fits => Dimensions.All(dimension => dimension is >= 1 and <= int.MaxValue)
        && Dimensions.Aggregate(1d, (count, dimension) => count * dimension) <= int.MaxValue;

    /// <summary>Numbers as a list.</summary>
    public static string TextOf(IEnumerable<long> numbers) => $"[{string.Join(", ", numbers.Select(number => Invariant($"{number}")))}]";

    /// <summary>Whether it has a shape.</summary>
    public bool Has(Shape shape)
    {
        bool isSame = Dimensions.Count == shape.Rank;
        for (int i = 0; isSame && i < shape.Rank; i++)
        {
            isSame = Dimensions[i] == shape[i];
        }

        return isSame;
    }

    /// <summary>The dimensions as a list.</summary>
    public string ShapeText => TextOf(Dimensions);

    /// <summary>The dimensions as those of shapes are written.</summary>
    public string DimensionsText => string.Join('x', Dimensions.Select(dimension => Invariant($"{dimension}")));

    /// <summary>Its type, for who needs its numbers.</summary>
    /// <exception cref="ModelFormatException">They cannot be read as floats.</exception>
    public SafeTensorsElementType RequireElementType() => SafeTensorsElements.Parse(TypeName) ?? throw new ModelFormatException(
        $"Tensor {QuotedText.Of(Name)}: the numbers of a tensor that is needed have a dtype of "
        + $"{string.Join(", ", Enum.GetNames<SafeTensorsElementType>())}. Received: {QuotedText.Of(TypeName)}.");

    /// <summary>Its shape, for who needs its numbers.</summary>
    /// <exception cref="ModelFormatException">It has none, or more than a tensor can hold.</exception>
    public Shape RequireShape() => Fits ? new Shape([.. Dimensions.Select(dimension => (int)dimension)]) : throw new ModelFormatException(
        Invariant($"Tensor {QuotedText.Of(Name)}: a tensor that is needed has dimensions of at least 1 and at most {int.MaxValue:N0} elements. ")
        + $"Received: shape {ShapeText}.");
}
