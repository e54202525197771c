namespace Microsoft.ML.ConvNet.Tensors;

/// <summary>
/// A dense block of 32-bit floats in row-major order, in 64-byte aligned native memory. Batches of images are
/// <c>[N, H, W, C]</c>, channels innermost.
/// </summary>
public sealed unsafe class Tensor : IDisposable
{
    private readonly NativeBuffer _buffer;
    private readonly nint _offset;
    private readonly bool _ownsBuffer = true;

    /// <summary>Makes a tensor of zeros.</summary>
    /// <exception cref="InsufficientMemoryException">The machine has not the memory.</exception>
    public Tensor(Shape shape)
    {
        Shape = shape;
        _buffer = new NativeBuffer((nuint)Math.Max(Count, 1) * sizeof(float));
    }

    /// <summary>Makes a tensor with a copy of the given elements, in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of elements is not that of the shape.</exception>
    public Tensor(Shape shape, ReadOnlySpan<float> elements)
        : this(shape)
    {
        if (elements.Length != Count)
        {
            Dispose();
            throw new ArgumentException($"A tensor of shape {shape} has {Count} elements. Received: {elements.Length}.", nameof(elements));
        }

        elements.CopyTo(Span);
    }

    /// <summary>Makes a tensor that is part of a larger block, which it does not own.</summary>
    internal Tensor(Shape shape, NativeBuffer buffer, nint offset)
    {
        Shape = shape;
        _buffer = buffer;
        _offset = offset;
        _ownsBuffer = false;
    }

    /// <summary>The dimensions, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>The number of elements; a shape without dimensions has one.</summary>
    public int Count => Shape.Rank == 0 ? 1 : Shape.ElementCount;

    /// <summary>The elements in row-major order. Not to be used after the tensor is disposed of, nor where nothing refers to the tensor any more:
    /// the memory is native, and a span does not keep it.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed of.</exception>
    public Span<float> Span => new(Pointer, Count);

    /// <summary>The first element; aligned to 64 bytes.</summary>
    internal float* Pointer => _buffer.Floats + _offset;

    /// <summary>Makes a copy with memory of its own.</summary>
    public Tensor Clone()
    {
        Tensor copy = new(Shape, Span);
        GC.KeepAlive(this);
        return copy;
    }

    /// <summary>Frees the memory; a tensor that is part of a larger block leaves that to the block.</summary>
    public void Dispose()
    {
        if (_ownsBuffer)
        {
            _buffer.Dispose();
        }
    }

    /// <summary>The shape, for debuggers.</summary>
    public override string ToString() => $"Tensor {Shape}";
}
