using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>
/// What brings pixels to the range that networks learn well from: (x - offset) scale. Measured on training images, it gives each channel
/// mean 0 and standard deviation 1 (LeCun et al., "Efficient BackProp", 1998).
/// </summary>
/// <param name="Offsets">One number, or one a channel.</param>
/// <param name="Scales">As many numbers.</param>
internal sealed record PixelNormalization(IReadOnlyList<float> Offsets, IReadOnlyList<float> Scales)
{
    /// <summary>A standard deviation below this share of the greatest value is one of rounding.</summary>
    private const double LeastDeviation = 1e-6;

    /// <summary>Throws where the options give numbers that cannot be used.</summary>
    public static void CheckOptions(ConvNetTrainingOptions options)
    {
        foreach (IReadOnlyList<float>? numbers in new[] { options.PixelOffsets, options.PixelScales })
        {
            if (numbers is not null && (numbers.Count == 0 || !numbers.All(float.IsFinite)))
            {
                throw new ArgumentException(
                    $"{nameof(options.PixelOffsets)} and {nameof(options.PixelScales)} are finite numbers, one or one a channel. "
                    + $"Received: {(numbers.Count == 0 ? "none" : string.Join(", ", numbers))}.",
                    nameof(options));
            }
        }
    }

    /// <summary>What the options say, or else what the training images give.</summary>
    /// <exception cref="ArgumentException">The options give neither one number nor one a channel.</exception>
    public static PixelNormalization Of(ConvNetTrainingOptions options, ImageDataset training)
    {
        if (options.PixelOffsets is null && options.PixelScales is null)
        {
            return Measure(training);
        }

        int channels = training.Shape.Channels;
        int count = Math.Max(options.PixelOffsets?.Count ?? 1, options.PixelScales?.Count ?? 1);
        return new PixelNormalization(
            Spread(options.PixelOffsets, 0, count, channels, nameof(options.PixelOffsets)),
            Spread(options.PixelScales, 1, count, channels, nameof(options.PixelScales)));
    }

    /// <summary>Measures the channels of images, or all values of vectors together.</summary>
    private static PixelNormalization Measure(ImageDataset training)
    {
        int period = training.Shape.IsImage ? training.Shape.Channels : 1;
        double[] sums = new double[period];
        double[] squares = new double[period];
        float[] pixels = new float[training.Shape.ElementCount];
        float greatest = 0;
        for (int sample = 0; sample < training.Count; sample++)
        {
            training.ReadSample(sample, pixels);
            for (int channel = 0; channel < period; channel++)
            {
                double sum = 0;
                double square = 0;
                for (int i = channel; i < pixels.Length; i += period)
                {
                    float value = pixels[i];
                    sum += value;
                    square += (double)value * value;
                    greatest = Math.Max(greatest, Math.Abs(value));
                }

                sums[channel] += sum;
                squares[channel] += square;
            }
        }

        double count = (double)training.Count * (pixels.Length / period);
        float[] offsets = new float[period];
        float[] scales = new float[period];
        for (int channel = 0; channel < period; channel++)
        {
            double mean = sums[channel] / count;
            double deviation = Math.Sqrt(Math.Max(0, (squares[channel] / count) - (mean * mean)));
            offsets[channel] = (float)mean;
            scales[channel] = deviation > LeastDeviation * greatest ? (float)(1 / deviation) : 1;
        }

        return new PixelNormalization(offsets, scales);
    }

    private static float[] Spread(IReadOnlyList<float>? given, float otherwise, int count, int channels, string name)
    {
        if (given is not null && given.Count != 1 && given.Count != channels)
        {
            throw new ArgumentException($"{name} has one number, or one for each of {channels} channels. Received: {given.Count}.");
        }

        return given switch
        {
            null => [.. Enumerable.Repeat(otherwise, count)],
            { Count: 1 } => [.. Enumerable.Repeat(given[0], count)],
            _ => [.. given],
        };
    }
}
