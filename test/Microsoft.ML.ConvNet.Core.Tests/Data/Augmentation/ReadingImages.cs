using System.Collections.Concurrent;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data.Augmentation;

/// <summary>Images that write down how they are read.</summary>
internal sealed class ReadingImages(ImageDataset source) : ImageDataset
{
    private int _withoutEpoch;

    /// <summary>The samples that were read in an epoch, such as "3 in 0".</summary>
    public ConcurrentQueue<string> InEpochs { get; } = [];

    /// <summary>How many were read outside of one.</summary>
    public int WithoutEpoch => _withoutEpoch;

    /// <inheritdoc/>
    public override int Count => source.Count;

    /// <inheritdoc/>
    public override Shape Shape => source.Shape;

    /// <inheritdoc/>
    public override int ClassCount => source.ClassCount;

    /// <inheritdoc/>
    public override void ReadSample(int index, Span<float> pixels)
    {
        _ = Interlocked.Increment(ref _withoutEpoch);
        source.ReadSample(index, pixels);
    }

    /// <inheritdoc/>
    public override void ReadSample(int index, int epoch, Span<float> pixels)
    {
        InEpochs.Enqueue($"{index} in {epoch}");
        source.ReadSample(index, epoch, pixels);
    }

    /// <inheritdoc/>
    public override int LabelOf(int index) => source.LabelOf(index);
}
