using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Normalization;

/// <summary>
/// An item: mean and variance of one group of one sample from those of its channels in blocks of rows (Chan, Golub and LeVeque, 1979), in
/// float64.
/// </summary>
internal unsafe struct GroupStatisticsCombination : ISimdTask
{
    /// <summary>The samples.</summary>
    public GroupedSamples Samples;

    /// <summary>The blocks' means and sums of squares: [samples, blocks, 2, channels].</summary>
    public float* Sums;

    /// <summary>The means [samples, channels].</summary>
    public float* Mean;

    /// <summary>The biased variances [samples, channels].</summary>
    public float* Variance;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int channels = Samples.Channels;
        int sample = item / Samples.Groups;
        int width = Samples.GroupChannels;
        int first = item % Samples.Groups * width;
        int blocks = Samples.Blocks;
        int blockRows = BatchNormalization.BlockRows(channels);
        double count = (double)Samples.Rows * width;
        float* sums = Sums + ((nint)sample * blocks * 2 * channels) + first;

        double total = 0;
        float* block = sums;
        for (int b = 0; b < blocks; b++, block += 2 * (nint)channels)
        {
            double rows = Math.Min(blockRows, Samples.Rows - (b * blockRows));
            for (int c = 0; c < width; c++)
            {
                total += rows * block[c];
            }
        }

        double mean = total / count;
        double squares = 0;
        block = sums;
        for (int b = 0; b < blocks; b++, block += 2 * (nint)channels)
        {
            double rows = Math.Min(blockRows, Samples.Rows - (b * blockRows));
            for (int c = 0; c < width; c++)
            {
                double difference = block[c] - mean;
                squares += (rows * difference * difference) + block[channels + c];
            }
        }

        nint to = ((nint)sample * channels) + first;
        new Span<float>(Mean + to, width).Fill((float)mean);
        new Span<float>(Variance + to, width).Fill((float)(squares / count));
    }
}

/// <summary>An item: the gradients of the scales and shifts of some channels, from the blocks' sums of all samples, in float64.</summary>
internal unsafe struct GroupParameterCombination : ISimdTask
{
    /// <summary>The samples.</summary>
    public GroupedSamples Samples;

    /// <summary>The blocks' sums of dy and dy (x - mean): [samples, blocks, 2, channels].</summary>
    public float* Sums;

    /// <summary>The variances [samples, channels].</summary>
    public float* Variance;

    /// <summary>What is added to the variances.</summary>
    public float Epsilon;

    /// <summary>Where the gradients go.</summary>
    public GroupNormalizationGradients Gradients;

    /// <summary>The items for a number of channels.</summary>
    public static int ItemsOf(int channels) => Rounding.DivideUp(channels, BatchNormalization.CombinedChannels);

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int first = item * BatchNormalization.CombinedChannels;
        int count = Math.Min(BatchNormalization.CombinedChannels, Samples.Channels - first);
        double* shifts = stackalloc double[count];
        double* scales = stackalloc double[count];
        new Span<double>(shifts, count).Clear();
        new Span<double>(scales, count).Clear();
        float* block = Sums + first;
        for (int sample = 0; sample < Samples.Count; sample++)
        {
            float* variance = Variance + ((nint)sample * Samples.Channels) + first;
            for (int b = 0; b < Samples.Blocks; b++, block += 2 * (nint)Samples.Channels)
            {
                for (int c = 0; c < count; c++)
                {
                    shifts[c] += block[c];
                    scales[c] += block[Samples.Channels + c] / Math.Sqrt((double)variance[c] + Epsilon);
                }
            }
        }

        Put(scales, count, Gradients.Dgamma, first);
        Put(shifts, count, Gradients.Dbeta, first);
    }

    private static void Put(double* values, int count, float* gradient, int first)
    {
        for (int c = 0; gradient != null && c < count; c++)
        {
            gradient[first + c] = (float)values[c];
        }
    }
}

/// <summary>An item: the three factors of dx = a dy + b (x - mean) + c for the channels of one group of one sample, in float64.</summary>
internal unsafe struct GroupFactorCombination : ISimdTask
{
    /// <summary>The samples.</summary>
    public GroupedSamples Samples;

    /// <summary>The blocks' sums of dy and dy (x - mean): [samples, blocks, 2, channels].</summary>
    public float* Sums;

    /// <summary>The variances [samples, channels].</summary>
    public float* Variance;

    /// <summary>The scales.</summary>
    public float* Gamma;

    /// <summary>What is added to the variances.</summary>
    public float Epsilon;

    /// <summary>The factors [samples, 3, channels].</summary>
    public float* Factors;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int channels = Samples.Channels;
        int sample = item / Samples.Groups;
        int width = Samples.GroupChannels;
        int first = item % Samples.Groups * width;
        float* gamma = Gamma + first;
        float* block = Sums + ((nint)sample * Samples.Blocks * 2 * channels) + first;
        double sum = 0;
        double weighted = 0;
        for (int b = 0; b < Samples.Blocks; b++, block += 2 * (nint)channels)
        {
            for (int c = 0; c < width; c++)
            {
                sum += (double)gamma[c] * block[c];
                weighted += (double)gamma[c] * block[channels + c];
            }
        }

        double count = (double)Samples.Rows * width;
        double inverse = 1 / Math.Sqrt((double)Variance[((nint)sample * channels) + first] + Epsilon);
        float slope = (float)(-inverse * inverse * inverse * weighted / count);
        float offset = (float)(-inverse * sum / count);
        float* factors = Factors + ((nint)sample * 3 * channels) + first;
        for (int c = 0; c < width; c++)
        {
            factors[c] = (float)(gamma[c] * inverse);
            factors[channels + c] = slope;
            factors[(2 * (nint)channels) + c] = offset;
        }
    }
}
