using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Benchmarks.Fit;

/// <summary>All samples of a set in memory as floats, in the order in which an epoch takes them.</summary>
/// <param name="dataset">The set.</param>
/// <param name="seed">The seed of the order.</param>
internal sealed class OrderedSamples(ImageDataset dataset, ulong seed)
{
    private readonly BatchOrder _order = new(dataset.Count, seed);
    private readonly float[] _pixels = new float[(long)dataset.Count * dataset.Shape.ElementCount];
    private readonly int[] _labels = new int[dataset.Count];

    /// <summary>The number of values of a sample.</summary>
    public int Length { get; } = dataset.Shape.ElementCount;

    /// <summary>Turns to an epoch, counted from 0.</summary>
    public void TurnTo(int epoch)
    {
        _order.TurnTo(epoch, shuffles: true);
        for (int i = 0; i < _labels.Length; i++)
        {
            dataset.ReadSample(_order.Indices[i], _pixels.AsSpan(i * Length, Length));
            _labels[i] = dataset.LabelOf(_order.Indices[i]);
        }
    }

    /// <summary>The pixels of some samples of the epoch.</summary>
    public ReadOnlySpan<float> PixelsOf(int first, int count) => _pixels.AsSpan(first * Length, count * Length);

    /// <summary>The class of a sample of the epoch.</summary>
    public int LabelOf(int place) => _labels[place];

    /// <summary>The number that a sample of the epoch has in the set.</summary>
    public int NumberOf(int place) => _order.Indices[place];
}
