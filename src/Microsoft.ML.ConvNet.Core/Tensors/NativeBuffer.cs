using System.Runtime.InteropServices;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Tensors;

/// <summary>
/// A block of native memory, aligned to a cache line and zeroed. It has one owner, who disposes of it, and any number of shares
/// (<see cref="NativeShare"/>). It is freed once: when it is disposed of and the last share is given up, or, where that does not happen,
/// when nothing refers to it any more.
/// </summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    /// <summary>The alignment in bytes: a cache line, and the width of the widest vector.</summary>
    public const int Alignment = 64;

    private static long _liveBytes;

    private readonly Type _owner;
    private readonly nint _block;
    private nint _address;
    private UseCount _shares;

    /// <summary>Takes memory for <paramref name="length"/> bytes.</summary>
    /// <param name="length">The usable bytes.</param>
    /// <param name="owner">What an error names that comes of a use after it was disposed of; the block itself where not given.</param>
    /// <exception cref="InsufficientMemoryException">The machine has not the memory.</exception>
    public NativeBuffer(nuint length, Type? owner = null)
    {
        Length = length;
        _owner = owner ?? typeof(NativeBuffer);
        // A little more than asked for: kernels may read, never write, one vector past the end of a row.
        nuint taken = checked(length + (2 * Alignment));
        try
        {
            // Large blocks are zero as the system gives them, and take no memory before they are written: what a file claims to hold costs
            // nothing until the file has delivered it. Such blocks are not aligned, so that the first aligned byte is looked for.
            _block = (nint)NativeMemory.AllocZeroed(checked(taken + Alignment));
            _address = (_block + Alignment - 1) & -Alignment;
        }
        catch (OutOfMemoryException exception)
        {
            throw new InsufficientMemoryException(
                Invariant($"The machine has no {taken / (1024.0 * 1024.0):N0} MB of memory left for a tensor."), exception);
        }

        GC.AddMemoryPressure((long)taken);
        Interlocked.Add(ref _liveBytes, (long)taken);
    }

    // Nobody can hold a share that is still used: a share refers to the block.
    ~NativeBuffer()
    {
        _shares.Close();
        Free();
    }

    /// <summary>The bytes that all blocks of the process hold now, with what is taken beyond the usable ones.</summary>
    public static long LiveBytes => Interlocked.Read(ref _liveBytes);

    /// <summary>The usable bytes.</summary>
    public nuint Length { get; }

    /// <summary>The first byte, for the owner, who knows that nobody disposes of the block meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">The block was disposed of.</exception>
    public void* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_shares.IsClosed, _owner);
            return (void*)_address;
        }
    }

    /// <summary>The memory as floats.</summary>
    public float* Floats => (float*)Pointer;

    /// <summary>Takes a share: the memory stays until it is given up, whoever disposes of the block.</summary>
    /// <exception cref="ObjectDisposedException">The block was disposed of.</exception>
    public NativeShare Share()
    {
        ObjectDisposedException.ThrowIf(!_shares.TryEnter(), _owner);
        return new NativeShare(this, (void*)_address);
    }

#pragma warning disable CA1816 // The finaliser is called off where the memory is freed: it is still needed where a share lives on.
    /// <inheritdoc/>
    public void Dispose()
    {
        if (_shares.Close())
        {
            Free();
        }
    }

    /// <summary>Gives a share up; <see cref="NativeShare"/> does it, once.</summary>
    internal void Exit()
    {
        if (_shares.Exit())
        {
            Free();
        }
    }

    private void Free()
    {
        // The finaliser may come at the same time as the one of a forgotten share.
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
        {
            GC.SuppressFinalize(this);
            NativeMemory.Free((void*)_block);
            GC.RemoveMemoryPressure((long)(Length + (2 * Alignment)));
            Interlocked.Add(ref _liveBytes, -(long)(Length + (2 * Alignment)));
        }
    }
#pragma warning restore CA1816
}
