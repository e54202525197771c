namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// Which pixels of a line each of a resampled line's is made of, and with which weights. These are kept while lines are of the same lengths, but where lines
/// are so long that they would take much memory: then each is calculated when it is needed.
/// </summary>
internal sealed class ResamplingAxis
{
    /// <summary>The weights that are kept at most: 4 MB of them, which are those of lines of half a million pixels.</summary>
    private const int MostKept = 1 << 20;

    // Weights that are not kept are calculated so many at a time, for all channels.
    private const int AtOnce = 1024;
    private const int BinaryPlaces = 22;

    private (int Length, double Begin, double Size, int Count) _setting;
    private double _scale;
    private double _narrow;
    private int[] _firsts = [];
    private int[] _ends = [];
    private double[] _shareSums = [];
    private int[] _weights = [];
    private int[] _channelSums = [];
    private int _stride;

    /// <summary>What a sum of weighted pixels begins with, so that its whole part is rounded to the nearest.</summary>
    public static int Half => 1 << (BinaryPlaces - 1);

    /// <summary>The first of the line's pixels that is used, and how many there are from it to the last.</summary>
    public (int First, int Count) Range => (_firsts[0], _ends[_setting.Count - 1] - _firsts[0]);

    /// <summary>How many of the resampled pixels one of the line's is used by at most.</summary>
    public int MostUses { get; private set; }

    private bool AreKept => _weights.Length > 0;

    /// <summary>The pixel of a sum of weighted ones.</summary>
    public static byte Rounded(int sum) => (byte)Math.Clamp(sum >> BinaryPlaces, 0, byte.MaxValue);

    /// <summary>Sets which part of a line is resampled to how many pixels.</summary>
    /// <param name="length">The pixels of the line.</param>
    /// <param name="begin">Where the part begins.</param>
    /// <param name="size">Its size, in pixels of the line.</param>
    /// <param name="count">The number of pixels that it becomes.</param>
    public void Set(int length, double begin, double size, int count)
    {
        if (_setting == (length, begin, size, count))
        {
            return;
        }

        _setting = (length, begin, size, count);
        _scale = size / count;
        double support = Math.Max(_scale, 1);
        _narrow = 1 / support;

        // Centres lie a scale apart, and pixels as far as the support reaches are used at either side: the one more is for what is rounded.
        MostUses = (int)Math.Min(Math.Ceiling(2 * support / _scale) + 1, count);
        (_firsts, _ends, _shareSums) = (new int[count], new int[count], new double[count]);
        for (int i = 0; i < count; i++)
        {
            double centre = Centre(i);
            _firsts[i] = Math.Max((int)(centre - support + 0.5), 0);
            _ends[i] = Math.Min((int)(centre + support + 0.5), length);
            for (int pixel = _firsts[i]; pixel < _ends[i]; pixel++)
            {
                _shareSums[i] += Share(pixel, centre);
            }
        }

        KeepWeights(((long)Math.Ceiling(support) * 2) + 1);
    }

    /// <summary>The first of the line's pixels that one of the resampled is made of.</summary>
    public int FirstOf(int number) => _firsts[number];

    /// <summary>The pixel of the line behind the last that one of the resampled is made of.</summary>
    public int EndOf(int number) => _ends[number];

    /// <summary>The weight of a pixel of the line in one of the resampled.</summary>
    public int WeightOf(int number, int pixel) =>
        AreKept ? _weights[(number * _stride) + pixel - _firsts[number]] : Weight(pixel, Centre(number), _shareSums[number]);

    /// <summary>Resamples a row of pixels.</summary>
    public void ResampleRow(ReadOnlySpan<byte> row, int channels, Span<byte> resampled)
    {
        if (!AreKept)
        {
            ResampleLongRow(row, channels, resampled);
            return;
        }

        for (int i = 0; i < _setting.Count; i++)
        {
            ReadOnlySpan<int> weights = _weights.AsSpan(i * _stride, _ends[i] - _firsts[i]);
            ReadOnlySpan<byte> pixels = row.Slice(_firsts[i] * channels, weights.Length * channels);
            for (int channel = 0; channel < channels; channel++)
            {
                resampled[(i * channels) + channel] = Rounded(Half + WeightedSum(pixels, weights, channel, channels));
            }
        }
    }

    private static int WeightedSum(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> weights, int channel, int channels)
    {
        int sum = 0;
        for (int tap = 0, at = channel; tap < weights.Length; tap++, at += channels)
        {
            sum += pixels[at] * weights[tap];
        }

        return sum;
    }

    private void ResampleLongRow(ReadOnlySpan<byte> row, int channels, Span<byte> resampled)
    {
        Span<int> weights = stackalloc int[AtOnce];
        if (_channelSums.Length < channels)
        {
            _channelSums = new int[channels];
        }

        for (int i = 0; i < _setting.Count; i++)
        {
            double centre = Centre(i);
            Array.Fill(_channelSums, Half);
            for (int first = _firsts[i]; first < _ends[i]; first += AtOnce)
            {
                Span<int> some = weights[..Math.Min(AtOnce, _ends[i] - first)];
                for (int tap = 0; tap < some.Length; tap++)
                {
                    some[tap] = Weight(first + tap, centre, _shareSums[i]);
                }

                for (int channel = 0; channel < channels; channel++)
                {
                    _channelSums[channel] += WeightedSum(row.Slice(first * channels, some.Length * channels), some, channel, channels);
                }
            }

            for (int channel = 0; channel < channels; channel++)
            {
                resampled[(i * channels) + channel] = Rounded(_channelSums[channel]);
            }
        }
    }

    private void KeepWeights(long stride)
    {
        int count = _setting.Count;
        _weights = stride * count <= MostKept ? new int[stride * count] : [];
        _stride = AreKept ? (int)stride : 0;
        for (int i = 0; i < count && AreKept; i++)
        {
            double centre = Centre(i);
            for (int pixel = _firsts[i]; pixel < _ends[i]; pixel++)
            {
                _weights[(i * _stride) + pixel - _firsts[i]] = Weight(pixel, centre, _shareSums[i]);
            }
        }
    }

    private double Centre(int number) => _setting.Begin + ((number + 0.5) * _scale);

    private double Share(int pixel, double centre) => Math.Max(1 - Math.Abs((pixel - centre + 0.5) * _narrow), 0);

    private int Weight(int pixel, double centre, double shareSum) => (int)(0.5 + (Share(pixel, centre) / shareSum * (1 << BinaryPlaces)));
}
