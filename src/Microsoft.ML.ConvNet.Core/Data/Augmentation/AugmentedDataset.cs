using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>
/// Another set whose images are augmented anew in each epoch of a training. What reads them without an epoch, such as validation, a measuring of
/// <see cref="PixelNormalization"/> or a copy, gets them as they are. It lies beneath <see cref="NormalizedDataset"/>:
/// <c>new NormalizedDataset(new AugmentedDataset(images, augmentation, seed), normalization)</c>.
/// </summary>
public sealed class AugmentedDataset : ImageDataset
{
    private readonly ImageDataset _source;
    private readonly ImageAugmentation _augmentation;
    private readonly ulong _seed;
    private readonly bool _isBlueFirst;

    /// <summary>Makes a view.</summary>
    /// <param name="source">The set; its pixels are from 0 to 255 where colours are augmented.</param>
    /// <param name="augmentation">What is done to its images.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="isBlueFirst">Whether blue is the first of three channels, rather than red.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or the samples are not images that it can be used for.</exception>
    public AugmentedDataset(ImageDataset source, ImageAugmentation augmentation, ulong seed, bool isBlueFirst = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(augmentation);
        augmentation.Check();
        augmentation.CheckFor(source.Shape);
        _source = source;
        _augmentation = augmentation;
        _seed = seed;
        _isBlueFirst = isBlueFirst;
        AugmentationText = FormattableString.Invariant($"{RecordText.Of(augmentation)}, seed {seed}{(isBlueFirst ? ", blue first" : string.Empty)}")
            + (source.AugmentationText.Length > 0 ? $", of {source.AugmentationText}" : string.Empty);
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
    public override string AugmentationText { get; }

    /// <inheritdoc/>
    public override void ReadSample(int index, Span<float> pixels) => _source.ReadSample(index, pixels);

    /// <inheritdoc/>
    public override void ReadSample(int index, int epoch, Span<float> pixels)
    {
        _source.ReadSample(index, epoch, pixels);
        new AugmentedImage(pixels, Shape, _isBlueFirst).Apply(_augmentation, _seed, (uint)epoch, (uint)index);
    }

    /// <inheritdoc/>
    public override int LabelOf(int index) => _source.LabelOf(index);

    /// <inheritdoc/>
    public override bool IsWeighted => _source.IsWeighted;

    /// <inheritdoc/>
    public override float WeightOf(int index) => _source.WeightOf(index);

    /// <inheritdoc/>
    public override void ReadTarget(int index, Span<float> target) => _source.ReadTarget(index, target);
}
