using System.Buffers;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Kernels.Losses;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Steps;

/// <summary>
/// Mixes each training sample with another one, drawn for seed, epoch and sample: as a weighted mean (Zhang et al., "mixup: beyond empirical risk
/// minimization", 2018), or by a rectangle of the other in its place (Yun et al., "CutMix", 2019). Targets are mixed by the same shares. The
/// papers draw one share a batch and mix with another order of it; here each sample has a share of its own and a partner of the whole set, so that
/// what it becomes does not depend on its batch.
/// </summary>
/// <param name="dataset">The samples.</param>
/// <param name="options">Seed, and the parameters of both distributions.</param>
internal sealed class SampleMixing(ImageDataset dataset, TrainingOptions options)
{
    private readonly Shape _shape = dataset.Shape;
    private readonly bool _hasClasses = dataset.TargetLength == 0;

    /// <summary>The mixing that a training asks for; null for none.</summary>
    public static SampleMixing? Of(ImageDataset dataset, TrainingOptions options) =>
        options.Mixup > 0 || options.CutMix > 0 ? new SampleMixing(dataset, options) : null;

    /// <summary>Draws what a sample is mixed with. A sample without a class is left alone, and mixed with none; so is one of which, or of whose partner, the weight is 0.</summary>
    public SampleMixture Draw(int epoch, int sample)
    {
        RandomStream random = new(options.Seed, RandomPurpose.Mixing, (uint)epoch, (uint)sample);
        int partner = random.NextIndex(dataset.Count);
        bool cuts = random.NextIndex(2) == 1 ? options.CutMix > 0 : options.Mixup == 0;
        if (_hasClasses && (dataset.LabelOf(sample) < 0 || dataset.LabelOf(partner) < 0))
        {
            return new SampleMixture(sample, 1);
        }

        // What counts nothing in the loss is not to be learnt as a part of another sample either.
        if (dataset.IsWeighted && (dataset.WeightOf(sample) == 0 || dataset.WeightOf(partner) == 0))
        {
            return new SampleMixture(sample, 1);
        }

        float share = (float)SymmetricBeta.Draw(ref random, cuts ? options.CutMix : options.Mixup);
        if (!cuts)
        {
            return new SampleMixture(partner, share);
        }

        ImageRegion region = DrawRegion(ref random, share);
        float area = (float)region.Height * region.Width / ((float)_shape.Height * _shape.Width);
        return new SampleMixture(partner, 1 - area, region, IsCut: true);
    }

    /// <summary>The classes of a sample in an epoch, and what they count of it.</summary>
    public ClassTarget TargetOf(int epoch, int sample)
    {
        SampleMixture mixture = Draw(epoch, sample);
        return new ClassTarget(dataset.LabelOf(sample), dataset.LabelOf(mixture.Partner), CountOf(sample, mixture).TargetShare);
    }

    /// <summary>The weight of a sample in an epoch: the mean of both, by their shares.</summary>
    public float WeightOf(int epoch, int sample) => CountOf(sample, Draw(epoch, sample)).Weight;

    /// <summary>
    /// Mixes a sample that was read. Where the other one has values or target values that are not finite, it is left as it is: that one's turn comes in the same epoch,
    /// and it is named then.
    /// </summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="sample">The number of the sample.</param>
    /// <param name="pixels">Its values.</param>
    /// <param name="target">Its target values; empty where none are wanted.</param>
    public void Apply(int epoch, int sample, Span<float> pixels, Span<float> target)
    {
        SampleMixture mixture = Draw(epoch, sample);
        if (mixture.Partner == sample)
        {
            return;
        }

        float[] rented = ArrayPool<float>.Shared.Rent(pixels.Length + target.Length);
        try
        {
            Span<float> other = rented.AsSpan(0, pixels.Length);
            dataset.ReadSample(mixture.Partner, epoch, other);
            Span<float> otherTarget = rented.AsSpan(pixels.Length, target.Length);
            if (!target.IsEmpty)
            {
                dataset.ReadTarget(mixture.Partner, otherTarget);
            }

            if (FiniteNumbers.FirstOther(other) >= 0 || FiniteNumbers.FirstOther(otherTarget) >= 0)
            {
                return;
            }

            if (mixture.IsCut)
            {
                Put(pixels, other, mixture.Region);
            }
            else
            {
                Mean(pixels, other, mixture.Share);
            }

            Mean(target, otherTarget, CountOf(sample, mixture).TargetShare);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <summary>
    /// What the sample's own target counts of a mixed one, and what that counts in the loss. Each of the two targets counts by its sample's weight times
    /// its share: s v l + (1 - s) w m is as much as the weight s v + (1 - s) w times the mean of l and m by the rest.
    /// </summary>
    private (float TargetShare, float Weight) CountOf(int sample, in SampleMixture mixture)
    {
        float own = dataset.IsWeighted ? dataset.WeightOf(sample) : 1;
        float other = dataset.IsWeighted ? dataset.WeightOf(mixture.Partner) : 1;
        if (own == other)
        {
            return (mixture.Share, own);
        }

        double counted = (double)mixture.Share * own;
        double weight = counted + ((1.0 - mixture.Share) * other);
        return ((float)(counted / weight), (float)weight);
    }

    /// <summary>A rectangle of the image's form and 1 - share of its area, around any of its pixels, as far as it is within the image.</summary>
    private ImageRegion DrawRegion(ref RandomStream random, float share)
    {
        double side = Math.Sqrt(1.0 - share);
        (int top, int height) = Clipped(random.NextIndex(_shape.Height), (int)(_shape.Height * side), _shape.Height);
        (int left, int width) = Clipped(random.NextIndex(_shape.Width), (int)(_shape.Width * side), _shape.Width);
        return new ImageRegion(top, left, height, width);
    }

    private static (int Start, int Length) Clipped(int middle, int length, int size)
    {
        int start = Math.Max(middle - (length / 2), 0);
        return (start, Math.Min(middle + (length / 2), size) - start);
    }

    private static void Mean(Span<float> values, ReadOnlySpan<float> others, float share)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (share * values[i]) + ((1 - share) * others[i]);
        }
    }

    private void Put(Span<float> pixels, ReadOnlySpan<float> other, in ImageRegion region)
    {
        int length = region.Width * _shape.Channels;
        for (int row = region.Top; row < region.Top + region.Height; row++)
        {
            int start = ((row * _shape.Width) + region.Left) * _shape.Channels;
            other.Slice(start, length).CopyTo(pixels[start..]);
        }
    }
}
