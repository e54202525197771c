using System.Collections.Concurrent;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Steps;

/// <summary>Another set that tells of each sample that is read, and notes the threads of the engine that read ahead.</summary>
internal sealed class WatchedImages(ImageDataset source, Action<int, int>? reading = null, bool isInMemory = false) : ImageDataset
{
    private readonly ConcurrentDictionary<Thread, bool> _readers = [];

    /// <summary>The threads that read ahead.</summary>
    public Thread[] Readers => [.. _readers.Keys];

    /// <inheritdoc/>
    public override int Count => source.Count;

    /// <inheritdoc/>
    public override Shape Shape => source.Shape;

    /// <inheritdoc/>
    public override int ClassCount => source.ClassCount;

    /// <inheritdoc/>
    public override bool IsInMemory => isInMemory;

    /// <summary>Whether the calling thread is one that reads ahead.</summary>
    public static bool IsReader => Thread.CurrentThread.Name == "ConvNet reader";

    /// <inheritdoc/>
    public override void ReadSample(int index, Span<float> pixels) => source.ReadSample(index, pixels);

    /// <inheritdoc/>
    public override void ReadSample(int index, int epoch, Span<float> pixels)
    {
        if (IsReader)
        {
            _readers.TryAdd(Thread.CurrentThread, true);
        }

        reading?.Invoke(index, epoch);
        source.ReadSample(index, epoch, pixels);
    }

    /// <inheritdoc/>
    public override int LabelOf(int index) => source.LabelOf(index);
}
