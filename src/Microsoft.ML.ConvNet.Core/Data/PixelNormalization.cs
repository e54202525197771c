using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// What brings pixels to the range that networks learn well from: (x - offset) scale, with an offset and a scale for every channel or one
/// for all, or for every value of a sample, where a mean image is subtracted. Measured on training images, it gives each channel mean 0 and standard deviation 1 (LeCun et al., "Efficient BackProp", 1998).
/// </summary>
public sealed class PixelNormalization
{
    /// <summary>A standard deviation below this share of the greatest value is one of rounding.</summary>
    private const double LeastDeviation = 1e-6;

    /// <summary>Up to so many numbers are one a channel, and are repeated so often that vectors take them as they lie.</summary>
    private const int MostChannels = 64;
    private const int RunRepeats = 64;
    private const int ShortestRun = 512;

    private readonly float[] _offsets;
    private readonly float[] _scales;
    private readonly float[] _runOffsets;
    private readonly float[] _runScales;

    /// <summary>Takes an offset and a scale for all channels, or for each, or for each value of a sample.</summary>
    /// <param name="offsets">What is subtracted: one finite value, or one a channel, or a mean image <c>[H, W, C]</c>, channels innermost.</param>
    /// <param name="scales">What the difference is multiplied by, such as 1 / 255: as many finite values as offsets.</param>
    /// <exception cref="ArgumentException">There are none, or not as many scales as offsets, or a value is not finite.</exception>
    public PixelNormalization(IEnumerable<float> offsets, IEnumerable<float> scales)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(scales);
        _offsets = [.. offsets];
        _scales = [.. scales];
        if (_offsets.Length == 0 || _offsets.Length != _scales.Length)
        {
            throw new ArgumentException(
                "Offsets and scales are one value each, or one for each channel. "
                + Invariant($"Received: {_offsets.Length} offsets, {_scales.Length} scales."),
                nameof(offsets));
        }

        if (!Array.TrueForAll(_offsets, float.IsFinite) || !Array.TrueForAll(_scales, float.IsFinite))
        {
            throw new ArgumentException(
                $"Offsets and scales are finite. Received: {TextOf(_offsets)}; {TextOf(_scales)}.", nameof(scales));
        }

        _runOffsets = RunOf(_offsets);
        _runScales = RunOf(_scales);
    }

    /// <summary>
    /// What torchvision does to the pixels, 0 to 255 with red first, before most of its published weights: the mean 0.485, 0.456, 0.406 of
    /// ImageNet is subtracted from shares of 255, and the difference divided by the deviation 0.229, 0.224, 0.225.
    /// </summary>
    public static PixelNormalization ImageNet { get; } =
        new([255 * 0.485f, 255 * 0.456f, 255 * 0.406f], [1 / (255 * 0.229f), 1 / (255 * 0.224f), 1 / (255 * 0.225f)]);

    /// <summary>
    /// What torchvision does to the pixels, 0 to 255, before its published weights of GoogLeNet and Inception-v3, whose
    /// <c>transform_input</c> turns ImageNet's mean and deviation into 0.5 for each colour: x / 127.5 - 1.
    /// </summary>
    public static PixelNormalization TransformInput { get; } = new([127.5f, 127.5f, 127.5f], [1 / 127.5f, 1 / 127.5f, 1 / 127.5f]);

    /// <summary>What is subtracted: one value, or one a channel, or one for each value of a sample.</summary>
    public IReadOnlyList<float> Offsets => _offsets;

    /// <summary>What the differences are multiplied by: as many values.</summary>
    public IReadOnlyList<float> Scales => _scales;

    /// <summary>Takes what a user gave of each, where he may give one number for all channels, or leave out one of the two.</summary>
    /// <param name="offsets">What is subtracted: one number, or one a channel; 0 where not given.</param>
    /// <param name="scales">What the difference is multiplied by: one number, or one a channel; 1 where not given.</param>
    /// <returns>The numbers, as many of each as of the longer of the two.</returns>
    /// <exception cref="ArgumentException">The two have different numbers, or a value is not finite.</exception>
    public static PixelNormalization Of(IReadOnlyList<float>? offsets, IReadOnlyList<float>? scales)
    {
        int count = Math.Max(offsets?.Count ?? 1, scales?.Count ?? 1);
        return new PixelNormalization(Spread(offsets, 0, count), Spread(scales, 1, count));
    }

    /// <summary>
    /// Measures the channels of images, or all values of vectors together, in one pass by several threads; what is measured does not depend on their
    /// number.
    /// </summary>
    /// <param name="dataset">The images, <c>[H, W, C]</c>, or vectors <c>[F]</c>.</param>
    /// <param name="numberOfThreads">The most threads to use; 0 for one a core.</param>
    /// <param name="cancellationToken">Ends it before the next sample with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PixelNormalization Measure(ImageDataset dataset, int numberOfThreads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ChannelSums sums = ChannelSums.Of(dataset, numberOfThreads, cancellationToken);
        float[] offsets = new float[sums.Channels];
        float[] scales = new float[sums.Channels];
        for (int channel = 0; channel < offsets.Length; channel++)
        {
            double mean = sums.Sum(channel) / sums.Count;
            double deviation = Math.Sqrt(Math.Max(0, (sums.SumOfSquares(channel) / sums.Count) - (mean * mean)));
            offsets[channel] = (float)mean;
            scales[channel] = deviation > LeastDeviation * sums.Greatest ? (float)Math.Min(1 / deviation, float.MaxValue) : 1;
        }

        return new PixelNormalization(offsets, scales);
    }

    /// <summary>Whether there is one offset for all, or one for each channel of such samples, or one for each of their values.</summary>
    public bool Fits(Shape shape) => _offsets.Length == 1 || _offsets.Length == shape.Channels || _offsets.Length == shape.ElementCount;

    /// <summary>
    /// The same for images of another size: a mean image is resized (<see cref="MeanImage"/>), and numbers of channels stay as they are.
    /// </summary>
    /// <param name="from">The shape of the images that this is for, <c>[H, W, C]</c>.</param>
    /// <param name="to">The shape of the others, of as many channels.</param>
    /// <exception cref="ArgumentException">This is not for such images, or the number of channels differs.</exception>
    public PixelNormalization Resized(Shape from, Shape to)
    {
        if (!Fits(from) || from.Channels != to.Channels)
        {
            throw new ArgumentException(
                Invariant($"A normalisation of {_offsets.Length} offsets for {from} is brought to images of as many channels. Received: {to}."), nameof(to));
        }

        return _offsets.Length <= from.Channels || from == to
            ? this
            : new PixelNormalization(MeanImage.Resize(_offsets, from, to), MeanImage.Resize(_scales, from, to));
    }

    /// <summary>Normalises pixels in place.</summary>
    /// <param name="pixels">The pixels, channels innermost, of one sample or several.</param>
    public void Apply(Span<float> pixels) => Apply(pixels, pixels);

    /// <summary>Normalises pixels.</summary>
    /// <param name="pixels">The pixels, channels innermost, of one sample or several.</param>
    /// <param name="values">Receives as many values; it may be the same memory.</param>
    /// <exception cref="ArgumentException">There is less room.</exception>
    public void Apply(ReadOnlySpan<float> pixels, Span<float> values)
    {
        RequireRoom(pixels.Length, values.Length);
        for (int start = 0; start < pixels.Length; start += _runOffsets.Length)
        {
            int length = Math.Min(_runOffsets.Length, pixels.Length - start);
            ApplyRun(pixels.Slice(start, length), values.Slice(start, length));
        }
    }

    /// <summary>Normalises pixels that are bytes: the values that the floats 0 to 255 have.</summary>
    /// <param name="pixels">The pixels, channels innermost, of one sample or several.</param>
    /// <param name="values">Receives as many values.</param>
    /// <exception cref="ArgumentException">There is less room.</exception>
    public void Apply(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        RequireRoom(pixels.Length, values.Length);
        for (int start = 0; start < pixels.Length; start += _runOffsets.Length)
        {
            // What was written last is still at hand.
            int length = Math.Min(_runOffsets.Length, pixels.Length - start);
            Span<float> run = values.Slice(start, length);
            ByteValues.ToFloats(pixels.Slice(start, length), run);
            ApplyRun(run, run);
        }
    }

    private static void RequireRoom(int pixels, int values)
    {
        if (values < pixels)
        {
            throw new ArgumentException(Invariant($"There is room for as many values as there are pixels, {pixels}. Received: room for {values}."), nameof(values));
        }
    }

    /// <summary>Normalises values from the beginning of a run on, at most one run.</summary>
    private void ApplyRun(ReadOnlySpan<float> pixels, Span<float> values)
    {
        ref float pixel = ref MemoryMarshal.GetReference(pixels);
        ref float value = ref MemoryMarshal.GetReference(values);
        ref float offset = ref MemoryMarshal.GetArrayDataReference(_runOffsets);
        ref float scale = ref MemoryMarshal.GetArrayDataReference(_runScales);
        int i = 0;
        for (; i <= pixels.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            nuint place = (nuint)i;
            Vector<float> difference = Vector.LoadUnsafe(ref pixel, place) - Vector.LoadUnsafe(ref offset, place);
            (difference * Vector.LoadUnsafe(ref scale, place)).StoreUnsafe(ref value, place);
        }

        for (; i < pixels.Length; i++)
        {
            values[i] = (pixels[i] - _runOffsets[i]) * _runScales[i];
        }
    }

    /// <summary>The numbers one behind the other so often that their length is one of whole vectors, and long enough to be worth a loop.</summary>
    private static float[] RunOf(float[] numbers)
    {
        if (numbers.Length > MostChannels)
        {
            return numbers;
        }

        int repeats = RunRepeats * Math.Max(1, ShortestRun / (RunRepeats * numbers.Length));
        float[] run = new float[numbers.Length * repeats];
        for (int i = 0; i < run.Length; i++)
        {
            run[i] = numbers[i % numbers.Length];
        }

        return run;
    }

    private static string TextOf(float[] values) => string.Join(", ", values.Select(value => Invariant($"{value}")));

    private static IEnumerable<float> Spread(IReadOnlyList<float>? given, float otherwise, int count) =>
        given is { Count: > 1 } ? given : Enumerable.Repeat(given is { Count: 1 } ? given[0] : otherwise, count);
}
