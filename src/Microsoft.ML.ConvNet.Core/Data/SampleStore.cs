using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>Equal pieces of native memory, one a sample, in chunks: it grows without copying and past what one array can hold.</summary>
internal sealed unsafe class SampleStore(nuint sampleBytes) : IDisposable
{
    private const nuint ChunkBytes = 4 << 20;

    private readonly int _samplesPerChunk = (int)nuint.Max(1, ChunkBytes / nuint.Max(sampleBytes, 1));
    private readonly List<NativeBuffer> _chunks = [];

    /// <summary>The number of samples.</summary>
    public int Count { get; private set; }

    /// <summary>The memory of a sample.</summary>
    public void* this[int index] =>
        (byte*)_chunks[index / _samplesPerChunk].Pointer + ((nuint)(index % _samplesPerChunk) * sampleBytes);

    /// <summary>Makes room for one more sample and returns its number.</summary>
    public int Add()
    {
        if (Count / _samplesPerChunk == _chunks.Count)
        {
            _chunks.Add(new NativeBuffer((nuint)_samplesPerChunk * sampleBytes));
        }

        return Count++;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        foreach (NativeBuffer chunk in _chunks)
        {
            chunk.Dispose();
        }
    }
}
