using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Steps;

/// <summary>
/// How an epoch is divided into batches: of the size that was asked for, the last one of what is left. Where layers normalise by the batch,
/// a single sample that would be left joins the batch before: one sample has no statistics worth the name, and a step by them can undo
/// an epoch's work.
/// </summary>
internal sealed class EpochBatches
{
    private readonly int _samples;
    private readonly int _size;

    /// <summary>Divides.</summary>
    /// <param name="samples">The number of samples of an epoch.</param>
    /// <param name="batchSize">The number of samples of a batch.</param>
    /// <param name="normalizesByBatch">Whether layers normalise by the batch.</param>
    public EpochBatches(int samples, int batchSize, bool normalizesByBatch)
    {
        _samples = samples;
        _size = Math.Min(batchSize, samples);
        bool joins = normalizesByBatch && _size > 1 && samples > _size && samples % _size == 1;
        Count = joins ? samples / _size : Rounding.DivideUp(samples, _size);
        Largest = joins ? _size + 1 : _size;
    }

    /// <summary>The number of batches.</summary>
    public int Count { get; }

    /// <summary>The samples of the largest batch, for which a session needs room.</summary>
    public int Largest { get; }

    /// <summary>Whether a training normalises by its batches: it has batch normalisation that is not frozen.</summary>
    public static bool NormalizesByBatch(Network network, TrainingOptions options)
    {
        HashSet<string> frozen = LayerSettings.Frozen(options, network);
        return network.Nodes.Any(node => node.Layer is BatchNorm && !frozen.Contains(node.Name));
    }

    /// <summary>Where a batch begins among the samples of an epoch, and how many it has.</summary>
    public (int First, int Length) this[int batch]
    {
        get
        {
            int first = batch * _size;
            return (first, batch == Count - 1 ? _samples - first : _size);
        }
    }
}
