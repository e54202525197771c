using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>Another set with its values brought to the range that networks learn well from: <see cref="PixelNormalization"/>.</summary>
public sealed class NormalizedDataset : ImageDataset
{
    private readonly ImageDataset _source;
    private readonly PixelNormalization _normalization;

    /// <summary>Makes a view with one offset and one scale.</summary>
    /// <param name="source">The set.</param>
    /// <param name="offset">What is subtracted.</param>
    /// <param name="scale">What the difference is multiplied by, such as 1 / 255.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public NormalizedDataset(ImageDataset source, float offset, float scale)
        : this(source, [offset], [scale])
    {
    }

    /// <summary>Makes a view with an offset and a scale for each channel.</summary>
    /// <param name="source">The set.</param>
    /// <param name="offsets">What is subtracted: one value, or one a channel.</param>
    /// <param name="scales">What the difference is multiplied by: as many values as offsets.</param>
    /// <exception cref="ArgumentException">
    /// The number of values is neither 1 nor that of the channels, or a value is not finite.
    /// </exception>
    public NormalizedDataset(ImageDataset source, IEnumerable<float> offsets, IEnumerable<float> scales)
        : this(source, new PixelNormalization(offsets, scales))
    {
    }

    /// <summary>Makes a view.</summary>
    /// <param name="source">The set.</param>
    /// <param name="normalization">What is done to the pixels.</param>
    /// <exception cref="ArgumentException">The normalisation is one of another number of channels.</exception>
    public NormalizedDataset(ImageDataset source, PixelNormalization normalization)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(normalization);
        if (!normalization.Fits(source.Shape))
        {
            throw new ArgumentException(
                Invariant($"Offsets and scales are one value each, or one for each of {source.Shape.Channels} channels. ")
                + Invariant($"Received: {normalization.Offsets.Count} offsets, {normalization.Scales.Count} scales."),
                nameof(normalization));
        }

        _source = source;
        _normalization = normalization;
    }

    /// <inheritdoc/>
    public override int Count => _source.Count;

    /// <inheritdoc/>
    public override Shape Shape => _source.Shape;

    /// <inheritdoc/>
    public override int ClassCount => _source.ClassCount;

    /// <inheritdoc/>
    public override bool IsInMemory => _source.IsInMemory;

    /// <inheritdoc/>
    public override int TargetLength => _source.TargetLength;

    /// <inheritdoc/>
    public override void ReadSample(int index, Span<float> pixels)
    {
        _source.ReadSample(index, pixels);
        _normalization.Apply(pixels);
    }

    /// <inheritdoc/>
    public override void ReadSample(int index, int epoch, Span<float> pixels)
    {
        _source.ReadSample(index, epoch, pixels);
        _normalization.Apply(pixels);
    }

    /// <inheritdoc/>
    public override string AugmentationText => _source.AugmentationText;

    /// <inheritdoc/>
    public override int LabelOf(int index) => _source.LabelOf(index);

    /// <inheritdoc/>
    public override bool IsWeighted => _source.IsWeighted;

    /// <inheritdoc/>
    public override float WeightOf(int index) => _source.WeightOf(index);

    /// <inheritdoc/>
    public override void ReadTarget(int index, Span<float> target) => _source.ReadTarget(index, target);
}
