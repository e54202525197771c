using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// Another set with its values brought to the range that networks learn well from: (x - offset) scale, with an offset and a scale for
/// every channel or one for all.
/// </summary>
public sealed class NormalizedDataset : ImageDataset
{
    private readonly ImageDataset _source;
    private readonly float[] _offsets;
    private readonly float[] _scales;

    /// <summary>Makes a view with one offset and one scale.</summary>
    /// <param name="source">The set.</param>
    /// <param name="offset">What is subtracted.</param>
    /// <param name="scale">What the difference is multiplied by, such as 1 / 255.</param>
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
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(scales);
        _source = source;
        _offsets = [.. offsets];
        _scales = [.. scales];
        int channels = source.Shape.Channels;
        if (_offsets.Length != _scales.Length || (_offsets.Length != 1 && _offsets.Length != channels))
        {
            throw new ArgumentException(
                $"Offsets and scales are one value each, or one for each of {channels} channels. "
                + $"Received: {_offsets.Length} offsets, {_scales.Length} scales.",
                nameof(offsets));
        }

        if (!_offsets.Concat(_scales).All(float.IsFinite))
        {
            throw new ArgumentException(
                $"Offsets and scales are finite. Received: {string.Join(", ", _offsets)}; {string.Join(", ", _scales)}.", nameof(scales));
        }
    }

    /// <inheritdoc/>
    public override int Count => _source.Count;

    /// <inheritdoc/>
    public override Shape Shape => _source.Shape;

    /// <inheritdoc/>
    public override int ClassCount => _source.ClassCount;

    /// <inheritdoc/>
    public override int TargetLength => _source.TargetLength;

    /// <inheritdoc/>
    public override void ReadSample(int index, Span<float> pixels)
    {
        _source.ReadSample(index, pixels);
        int period = _offsets.Length;
        for (int channel = 0; channel < period; channel++)
        {
            float offset = _offsets[channel];
            float scale = _scales[channel];
            for (int i = channel; i < pixels.Length; i += period)
            {
                pixels[i] = (pixels[i] - offset) * scale;
            }
        }
    }

    /// <inheritdoc/>
    public override int LabelOf(int index) => _source.LabelOf(index);

    /// <inheritdoc/>
    public override void ReadTarget(int index, Span<float> target) => _source.ReadTarget(index, target);
}
