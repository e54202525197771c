using System.Runtime.InteropServices;

namespace Microsoft.ML.ConvNet.Tensors;

/// <summary>A block of native memory, aligned to a cache line and zeroed, freed when disposed of or, at the latest, finalised.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    /// <summary>The alignment in bytes: a cache line, and the width of the widest vector.</summary>
    public const int Alignment = 64;

    private static long _liveBytes;

    private void* _pointer;

    /// <summary>Takes memory for <paramref name="length"/> bytes.</summary>
    public NativeBuffer(nuint length)
    {
        Length = length;
        // A little more than asked for: kernels may read, never write, one vector past the end of a row.
        nuint taken = checked(length + (2 * Alignment));
        try
        {
            _pointer = NativeMemory.AlignedAlloc(taken, Alignment);
        }
        catch (OutOfMemoryException exception)
        {
            throw new InsufficientMemoryException(
                $"The machine has no {taken / (1024.0 * 1024.0):N0} MB of memory left for a tensor.", exception);
        }

        NativeMemory.Clear(_pointer, taken);
        GC.AddMemoryPressure((long)taken);
        Interlocked.Add(ref _liveBytes, (long)taken);
    }

    ~NativeBuffer() => Free();

    /// <summary>The bytes that all blocks of the process hold now, with what is taken beyond the usable ones.</summary>
    public static long LiveBytes => Interlocked.Read(ref _liveBytes);

    /// <summary>The usable bytes.</summary>
    public nuint Length { get; }

    /// <summary>The first byte.</summary>
    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    public void* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == null, this);
            return _pointer;
        }
    }

    /// <summary>The memory as floats.</summary>
    public float* Floats => (float*)Pointer;

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        void* pointer = _pointer;
        if (pointer != null)
        {
            _pointer = null;
            NativeMemory.AlignedFree(pointer);
            GC.RemoveMemoryPressure((long)(Length + (2 * Alignment)));
            Interlocked.Add(ref _liveBytes, -(long)(Length + (2 * Alignment)));
        }
    }
}
