using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>Equal pieces of native memory, one a sample, in chunks: it grows without copying and past what one array can hold.</summary>
/// <param name="sampleBytes">The bytes of a sample.</param>
/// <param name="chunkBytes">The bytes of a chunk, which has one sample at least.</param>
internal sealed unsafe class SampleStore(nuint sampleBytes, nuint chunkBytes = SampleStore.UsualChunkBytes) : IDisposable
{
    /// <summary>The bytes of a chunk where nothing else is said.</summary>
    public const nuint UsualChunkBytes = 4 << 20;

    private readonly int _samplesPerChunk = (int)nuint.Clamp(chunkBytes / nuint.Max(sampleBytes, 1), 1, int.MaxValue);
    private readonly List<NativeBuffer> _chunks = [];

    /// <summary>The number of samples.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes that one more sample takes from the machine: those of a chunk, where the last one is full.</summary>
    public nuint BytesOfNext => Count / _samplesPerChunk == _chunks.Count ? (nuint)_samplesPerChunk * sampleBytes : 0;

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
