using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>
/// A tensor as ONNX has it: dimensions outermost first, elements in row-major order. Floating-point elements of any width are held as
/// 32-bit floats, whole numbers and truth values as 64-bit whole numbers.
/// </summary>
public sealed class OnnxTensor
{
    private readonly float[]? _floats;
    private readonly long[]? _integers;

    /// <summary>Makes a tensor of 32-bit floats.</summary>
    /// <param name="dimensions">The dimensions; none for a scalar.</param>
    /// <param name="values">The elements in row-major order.</param>
    /// <exception cref="ArgumentException">The number of elements is not the product of the dimensions.</exception>
    public OnnxTensor(IReadOnlyList<int> dimensions, float[] values)
        : this(string.Empty, OnnxElementType.Float, dimensions, values)
    {
    }

    internal OnnxTensor(string name, OnnxElementType elementType, IReadOnlyList<int> dimensions, float[] values)
        : this(name, elementType, dimensions, values?.Length ?? 0) => _floats = values ?? throw new ArgumentNullException(nameof(values));

    internal OnnxTensor(string name, OnnxElementType elementType, IReadOnlyList<int> dimensions, long[] values)
        : this(name, elementType, dimensions, values.Length) => _integers = values;

    private OnnxTensor(string name, OnnxElementType elementType, IReadOnlyList<int> dimensions, int count)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        Name = name;
        ElementType = elementType;
        Dimensions = [.. dimensions];
        if (Dimensions.Any(dimension => dimension < 0) || Dimensions.Aggregate(1L, (product, dimension) => product * dimension) != count)
        {
            throw new ArgumentException(
                $"A tensor has as many elements as its dimensions say. Received: {OnnxText.Dimensions(Dimensions)} and {count} elements.",
                nameof(dimensions));
        }
    }

    /// <summary>The tensor's name; empty where it has none.</summary>
    public string Name { get; }

    /// <summary>The type of the elements in the file.</summary>
    public OnnxElementType ElementType { get; }

    /// <summary>The dimensions, outermost first; none for a scalar.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>The number of elements.</summary>
    public int Count => _floats?.Length ?? _integers!.Length;

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public bool IsFloatingPoint => _floats is not null;

    /// <summary>The elements of a floating-point tensor.</summary>
    /// <exception cref="ModelFormatException">It is of another type.</exception>
    internal float[] Floats => _floats ?? throw new ModelFormatException(
        $"The tensor {OnnxText.Quoted(Name)}: holds floating-point numbers. Received: {ElementType}.");

    /// <summary>The elements of a tensor of whole numbers or truth values.</summary>
    /// <exception cref="ModelFormatException">It is of another type.</exception>
    internal long[] Integers => _integers ?? throw new ModelFormatException(
        $"The tensor {OnnxText.Quoted(Name)}: holds whole numbers or truth values. Received: {ElementType}.");

    /// <summary>Reads a file that holds one tensor, such as the <c>input_0.pb</c> of a test case.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file holds no tensor, or one whose data do not fit its dimensions.</exception>
    public static OnnxTensor Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TensorReader.Read(ProtobufFile.Read(path, TensorProto.Parser, "tensor"), path);
    }

    /// <summary>The elements as 32-bit floats, in row-major order; truth values are 0 and 1.</summary>
    public float[] ToArray() => _floats is not null ? [.. _floats] : Array.ConvertAll(_integers!, value => (float)value);

    /// <summary>The type and the dimensions.</summary>
    public override string ToString() => $"{ElementType} {OnnxText.Dimensions(Dimensions)}";

    /// <summary>The same elements under other dimensions, whose product is the same.</summary>
    internal OnnxTensor Reshaped(IReadOnlyList<int> dimensions) => _floats is not null
        ? new OnnxTensor(Name, ElementType, dimensions, _floats)
        : new OnnxTensor(Name, ElementType, dimensions, _integers!);
}
