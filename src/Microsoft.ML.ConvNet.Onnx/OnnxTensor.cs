using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>
/// A tensor as ONNX has it: dimensions outermost first, elements in row-major order. Floating-point elements of any width are held as
/// 32-bit floats, whole numbers and truth values as 64-bit whole numbers. Elements that are all one number are held as that number, and
/// 32-bit floats of a file as the file's bytes, until somebody asks for them.
/// </summary>
public sealed class OnnxTensor
{
    private readonly float[]? _floats;
    private readonly long[]? _integers;
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Makes a tensor of 32-bit floats.</summary>
    /// <param name="dimensions">The dimensions; none for a scalar.</param>
    /// <param name="values">The elements in row-major order.</param>
    /// <exception cref="ArgumentException">The number of elements is not the product of the dimensions.</exception>
    public OnnxTensor(IReadOnlyList<int> dimensions, float[] values)
        : this(string.Empty, OnnxElementType.Float, dimensions, values)
    {
    }

    internal OnnxTensor(string name, OnnxElementType elementType, IReadOnlyList<int> dimensions, float[] values)
        : this(name, elementType, dimensions, values?.Length ?? 0)
    {
        _floats = values ?? throw new ArgumentNullException(nameof(values));
        IsFloatingPoint = true;
    }

    internal OnnxTensor(string name, OnnxElementType elementType, IReadOnlyList<int> dimensions, long[] values)
        : this(name, elementType, dimensions, values.Length) => _integers = values;

    /// <summary>Makes a tensor of 32-bit floats that stand in memory as a file has them, little-endian.</summary>
    internal OnnxTensor(string name, IReadOnlyList<int> dimensions, ReadOnlyMemory<byte> bytes)
        : this(name, OnnxElementType.Float, dimensions, bytes.Length / sizeof(float))
    {
        _bytes = bytes;
        IsFloatingPoint = true;
    }

    /// <summary>Makes a tensor whose elements are all the first one of another.</summary>
    internal OnnxTensor(OnnxTensor number, IReadOnlyList<int> dimensions)
        : this(number.Name, number.ElementType, dimensions, dimensions.Aggregate(1, (product, dimension) => checked(product * dimension)))
    {
        _floats = number.IsFloatingPoint ? number.FloatSpan[..1].ToArray() : null;
        _integers = number._integers?[..1];
        IsFloatingPoint = number.IsFloatingPoint;
        IsUniform = Count != 1;
    }

    private OnnxTensor(string name, OnnxElementType elementType, IReadOnlyList<int> dimensions, int count)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        Name = name;
        ElementType = elementType;
        Dimensions = [.. dimensions];
        Count = count;
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
    public int Count { get; }

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public bool IsFloatingPoint { get; }

    /// <summary>Whether the elements are held as the one number that all of them are.</summary>
    internal bool IsUniform { get; }

    /// <summary>Whether the elements stand in an array, which another tensor may hold, too.</summary>
    internal bool HoldsArray => !IsUniform && (_floats is not null || _integers is not null);

    /// <summary>The bytes that the elements take as an array.</summary>
    internal long Bytes => (long)Count * (IsFloatingPoint ? sizeof(float) : sizeof(long));

    /// <summary>The elements of a floating-point tensor, made now where they are held otherwise than as an array.</summary>
    /// <exception cref="ModelFormatException">It is of another type.</exception>
    internal float[] Floats
    {
        get
        {
            if (!IsFloatingPoint)
            {
                throw new ModelFormatException(
                    $"The tensor {OnnxText.Quoted(Name)}: holds floating-point numbers. Received: {ElementType}.");
            }

            if (_floats is not null && !IsUniform)
            {
                return _floats;
            }

            float[] values = new float[Count];
            CopyTo(values);
            return values;
        }
    }

    /// <summary>The elements of a tensor of whole numbers or truth values, made now where they are held as one number.</summary>
    /// <exception cref="ModelFormatException">It is of another type.</exception>
    internal long[] Integers
    {
        get
        {
            long[] values = _integers ?? throw new ModelFormatException(
                $"The tensor {OnnxText.Quoted(Name)}: holds whole numbers or truth values. Received: {ElementType}.");
            if (!IsUniform)
            {
                return values;
            }

            long[] all = new long[Count];
            Array.Fill(all, values[0]);
            return all;
        }
    }

    /// <summary>The floating-point elements where they stand one behind the other; of a uniform tensor the one.</summary>
    internal ReadOnlySpan<float> FloatSpan => _floats is null ? MemoryMarshal.Cast<byte, float>(_bytes.Span) : _floats;

    /// <summary>Reads a file that holds one tensor, such as the <c>input_0.pb</c> of a test case.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file holds no tensor, or one whose data do not fit its dimensions.</exception>
    public static OnnxTensor Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TensorReader.Read(ProtobufFile.Read(path, TensorProto.Parser, "tensor"), path);
    }

    /// <summary>Makes a tensor of whole numbers, such as a shape or indices that a model takes as an input.</summary>
    /// <param name="dimensions">The dimensions; none for a scalar.</param>
    /// <param name="values">The elements in row-major order.</param>
    /// <param name="elementType">The type that the model declares, of 8, 16, 32 or 64 bits.</param>
    /// <exception cref="ArgumentException">
    /// The number of elements is not the product of the dimensions, the type is not one of whole numbers, or an element is out of its range.
    /// </exception>
    public static OnnxTensor OfIntegers(
        IReadOnlyList<int> dimensions, IReadOnlyList<long> values, OnnxElementType elementType = OnnxElementType.Int64)
    {
        ArgumentNullException.ThrowIfNull(values);
        (long least, long most) = elementType switch
        {
            OnnxElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            OnnxElementType.UInt8 => (byte.MinValue, byte.MaxValue),
            OnnxElementType.Int16 => (short.MinValue, short.MaxValue),
            OnnxElementType.UInt16 => (ushort.MinValue, ushort.MaxValue),
            OnnxElementType.Int32 => (int.MinValue, int.MaxValue),
            OnnxElementType.UInt32 => (uint.MinValue, uint.MaxValue),
            OnnxElementType.Int64 => (long.MinValue, long.MaxValue),
            OnnxElementType.UInt64 => (0L, long.MaxValue),
            _ => throw new ArgumentException($"The type is one of whole numbers. Received: {elementType}.", nameof(elementType)),
        };
        foreach (long value in values)
        {
            if (value < least || value > most)
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"An element of type {elementType} is from {least} to {most}. Received: {value}."), nameof(values));
            }
        }

        return new OnnxTensor(string.Empty, elementType, dimensions, (long[])[.. values]);
    }

    /// <summary>Makes a tensor of truth values, such as a condition that a model takes as an input.</summary>
    /// <param name="dimensions">The dimensions; none for a scalar.</param>
    /// <param name="values">The elements in row-major order.</param>
    /// <exception cref="ArgumentException">The number of elements is not the product of the dimensions.</exception>
    public static OnnxTensor OfTruthValues(IReadOnlyList<int> dimensions, IReadOnlyList<bool> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new OnnxTensor(string.Empty, OnnxElementType.Bool, dimensions, (long[])[.. values.Select(value => value ? 1L : 0L)]);
    }

    /// <summary>The elements as 32-bit floats, in row-major order; truth values are 0 and 1.</summary>
    public float[] ToArray()
    {
        float[] values = new float[Count];
        CopyTo(values);
        return values;
    }

    /// <summary>The type and the dimensions.</summary>
    public override string ToString() => $"{ElementType} {OnnxText.Dimensions(Dimensions)}";

    /// <summary>Writes the elements as 32-bit floats, in row-major order.</summary>
    internal void CopyTo(Span<float> destination)
    {
        if (IsUniform)
        {
            destination[..Count].Fill(IsFloatingPoint ? _floats![0] : _integers![0]);
        }
        else if (_integers is not null)
        {
            for (int i = 0; i < _integers.Length; i++)
            {
                destination[i] = _integers[i];
            }
        }
        else if (_floats is not null)
        {
            _floats.CopyTo(destination);
        }
        else
        {
            MemoryMarshal.Cast<byte, float>(_bytes.Span).CopyTo(destination);
        }
    }

    /// <summary>Whether the elements are in the same memory as another tensor's.</summary>
    internal bool SharesElements(OnnxTensor other) => _floats is not null
        ? ReferenceEquals(_floats, other._floats)
        : _integers is not null
        ? ReferenceEquals(_integers, other._integers)
        : other._floats is null && other._integers is null && _bytes.Equals(other._bytes);

    /// <summary>The same floating-point elements, held as they are, as those of another type.</summary>
    internal OnnxTensor WithType(OnnxElementType type) => IsUniform
        ? new OnnxTensor(new OnnxTensor(Name, type, [1], _floats!), Dimensions)
        : new OnnxTensor(Name, type, Dimensions, Floats);

    /// <summary>The same elements under other dimensions, whose product is the same.</summary>
    internal OnnxTensor Reshaped(IReadOnlyList<int> dimensions) => IsUniform
        ? new OnnxTensor(this, dimensions)
        : _integers is not null
        ? new OnnxTensor(Name, ElementType, dimensions, _integers)
        : _floats is not null
        ? new OnnxTensor(Name, ElementType, dimensions, _floats)
        : new OnnxTensor(Name, dimensions, _bytes);
}
