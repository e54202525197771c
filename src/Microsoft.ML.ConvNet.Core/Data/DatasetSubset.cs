using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>Some samples of another set, without a copy of them.</summary>
public sealed class DatasetSubset : ImageDataset
{
    private readonly ImageDataset _source;
    private readonly int[] _indices;

    /// <summary>Makes a view of samples.</summary>
    /// <param name="source">The set that has them.</param>
    /// <param name="indices">Their numbers in it, in the order that they get here.</param>
    /// <exception cref="ArgumentOutOfRangeException">The set has no sample of such a number.</exception>
    public DatasetSubset(ImageDataset source, IEnumerable<int> indices)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(indices);
        _source = source;
        _indices = [.. indices];
        foreach (int index in _indices)
        {
            if ((uint)index >= (uint)source.Count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(indices), Invariant($"The samples are numbered from 0 to {source.Count - 1}. Received: {index}."));
            }
        }
    }

    /// <inheritdoc/>
    public override int Count => _indices.Length;

    /// <inheritdoc/>
    public override Shape Shape => _source.Shape;

    /// <inheritdoc/>
    public override int ClassCount => _source.ClassCount;

    /// <inheritdoc/>
    public override bool IsInMemory => _source.IsInMemory;

    /// <inheritdoc/>
    public override int TargetLength => _source.TargetLength;

    /// <summary>The numbers of the samples in the set that has them.</summary>
    public IReadOnlyList<int> Indices => _indices;

    /// <inheritdoc/>
    public override void ReadSample(int index, Span<float> pixels)
    {
        RequireIndex(index);
        _source.ReadSample(_indices[index], pixels);
    }

    /// <inheritdoc/>
    public override void ReadSample(int index, int epoch, Span<float> pixels)
    {
        RequireIndex(index);
        _source.ReadSample(_indices[index], epoch, pixels);
    }

    /// <inheritdoc/>
    public override string AugmentationText => _source.AugmentationText;

    /// <inheritdoc/>
    public override int LabelOf(int index)
    {
        RequireIndex(index);
        return _source.LabelOf(_indices[index]);
    }

    /// <inheritdoc/>
    public override bool IsWeighted => _source.IsWeighted;

    /// <inheritdoc/>
    public override float WeightOf(int index)
    {
        RequireIndex(index);
        return _source.WeightOf(_indices[index]);
    }

    /// <inheritdoc/>
    public override void ReadTarget(int index, Span<float> target)
    {
        RequireIndex(index);
        _source.ReadTarget(_indices[index], target);
    }
}
