using static System.FormattableString;

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
        _buffer = new NativeBuffer((nuint)Math.Max(Count, 1) * sizeof(float), typeof(Tensor));
    }

    /// <summary>Makes a tensor with a copy of the given elements, in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of elements is not that of the shape.</exception>
    public Tensor(Shape shape, ReadOnlySpan<float> elements)
        : this(shape)
    {
        if (elements.Length != Count)
        {
            Dispose();
            throw new ArgumentException(Invariant($"A tensor of shape {shape} has {Count} elements. Received: {elements.Length}."), nameof(elements));
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

    /// <summary>
    /// The elements in row-major order. A span is a place in native memory and does not keep it: it is not to be used after the tensor, or
    /// the weights that it is part of, is disposed of, nor where nothing refers to the tensor any more. Where another thread may dispose of
    /// it meanwhile, <see cref="CopyTo"/>, <see cref="ToArray"/> and <see cref="Clone"/> are safe.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed of.</exception>
    public Span<float> Span => new(Pointer, Count);

    /// <summary>The first element; aligned to 64 bytes.</summary>
    internal float* Pointer => _buffer.Floats + _offset;

    /// <summary>Copies the elements, in row-major order; the memory stays meanwhile, whoever disposes of the tensor.</summary>
    /// <param name="destination">Receives them.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="ObjectDisposedException">The tensor was disposed of.</exception>
    public void CopyTo(Span<float> destination)
    {
        using NativeShare share = _buffer.Share();
        SpanOf(share).CopyTo(destination);
    }

    /// <summary>A copy of the elements, in row-major order; the memory stays meanwhile, whoever disposes of the tensor.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed of.</exception>
    public float[] ToArray()
    {
        using NativeShare share = _buffer.Share();
        return SpanOf(share).ToArray();
    }

    /// <summary>Makes a copy with memory of its own.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed of.</exception>
    public Tensor Clone()
    {
        using NativeShare share = _buffer.Share();
        return new Tensor(Shape, SpanOf(share));
    }

    /// <summary>
    /// Frees the memory, as soon as no other thread copies it; a tensor that is part of a larger block leaves that to the block. A second
    /// time, by whichever thread, it does nothing.
    /// </summary>
    public void Dispose()
    {
        if (_ownsBuffer)
        {
            _buffer.Dispose();
        }
    }

    /// <summary>The shape, for debuggers.</summary>
    public override string ToString() => $"Tensor {Shape}";

    /// <summary>Takes a share in the memory.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed of.</exception>
    internal NativeShare Share() => _buffer.Share();

    /// <summary>The elements, for as long as a share in the memory is held.</summary>
    internal ReadOnlySpan<float> SpanOf(NativeShare share) => new(share.Floats + _offset, Count);
}
