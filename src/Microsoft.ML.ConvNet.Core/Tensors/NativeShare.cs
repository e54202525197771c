namespace Microsoft.ML.ConvNet.Tensors;

/// <summary>
/// A share in a block of native memory: until it is disposed of, the memory stays where it is, even where the block's owner disposes of it
/// meanwhile. One that is forgotten is given up when it is finalised.
/// </summary>
internal sealed unsafe class NativeShare : IDisposable
{
    private readonly NativeBuffer _buffer;
    private readonly void* _pointer;
    private int _isGivenUp;

    /// <summary>Takes over a share that was counted.</summary>
    internal NativeShare(NativeBuffer buffer, void* pointer)
    {
        _buffer = buffer;
        _pointer = pointer;
    }

    ~NativeShare() => GiveUp();

    /// <summary>The memory as floats. Not to be used after the share was disposed of.</summary>
    public float* Floats => (float*)_pointer;

    /// <inheritdoc/>
    public void Dispose()
    {
        GiveUp();
        GC.SuppressFinalize(this);
    }

    private void GiveUp()
    {
        if (Interlocked.Exchange(ref _isGivenUp, 1) == 0)
        {
            _buffer.Exit();
        }
    }
}
