namespace Microsoft.ML.ConvNet.Tensors;

/// <summary>Something with native memory that an <see cref="IdlePool{T}"/> keeps between its uses.</summary>
internal interface IPooledMemory
{
    /// <summary>How much fits into it, in whatever its users count.</summary>
    int Capacity { get; }

    /// <summary>Bytes of its memory.</summary>
    long Bytes { get; }

    /// <summary>Frees the memory.</summary>
    void Free();
}
