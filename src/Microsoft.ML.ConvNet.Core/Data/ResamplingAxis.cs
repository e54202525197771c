namespace Microsoft.ML.ConvNet.Data;

/// <summary>Which pixels of a line each of a resampled line's is made of, and with which weights; kept while lines are of the same lengths.</summary>
internal sealed class ResamplingAxis
{
    private const int BinaryPlaces = 22;
    private const int Half = 1 << (BinaryPlaces - 1);

    private (int Length, double Begin, double Size, int Count) _setting;
    private int[] _firsts = [];
    private int[] _counts = [];
    private int[] _weights = [];
    private int _stride;

    /// <summary>The first of the line's pixels that is used, and how many there are from it to the last.</summary>
    public (int First, int Count) Range => (_firsts[0], _firsts[_setting.Count - 1] + _counts[_setting.Count - 1] - _firsts[0]);

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

        double scale = size / count;
        double support = Math.Max(scale, 1);
        double narrow = 1 / support;
        _stride = ((int)Math.Ceiling(support) * 2) + 1;
        (_firsts, _counts, _weights) = (new int[count], new int[count], new int[count * _stride]);
        double[] shares = new double[_stride];
        for (int i = 0; i < count; i++)
        {
            double centre = begin + ((i + 0.5) * scale);
            int first = Math.Max((int)(centre - support + 0.5), 0);
            int taps = Math.Min((int)(centre + support + 0.5), length) - first;
            double sum = 0;
            for (int tap = 0; tap < taps; tap++)
            {
                shares[tap] = Math.Max(1 - Math.Abs((first + tap - centre + 0.5) * narrow), 0);
                sum += shares[tap];
            }

            (_firsts[i], _counts[i]) = (first, taps);
            for (int tap = 0; tap < taps; tap++)
            {
                _weights[(i * _stride) + tap] = (int)(0.5 + (shares[tap] / sum * (1 << BinaryPlaces)));
            }
        }

        _setting = (length, begin, size, count);
    }

    /// <summary>Resamples a row of pixels.</summary>
    public void ResampleRow(ReadOnlySpan<byte> row, int channels, Span<byte> resampled)
    {
        for (int i = 0; i < _setting.Count; i++)
        {
            ReadOnlySpan<int> weights = _weights.AsSpan(i * _stride, _counts[i]);
            ReadOnlySpan<byte> pixels = row.Slice(_firsts[i] * channels, weights.Length * channels);
            for (int channel = 0; channel < channels; channel++)
            {
                int sum = Half;
                for (int tap = 0, at = channel; tap < weights.Length; tap++, at += channels)
                {
                    sum += pixels[at] * weights[tap];
                }

                resampled[(i * channels) + channel] = Rounded(sum);
            }
        }
    }

    /// <summary>Resamples columns: makes one row of several.</summary>
    /// <param name="rows">The rows one behind the other, each as long as the result.</param>
    /// <param name="firstRow">The number of the first of them.</param>
    /// <param name="number">The number of the row that is made.</param>
    /// <param name="resampled">Receives it.</param>
    public void ResampleColumns(ReadOnlySpan<byte> rows, int firstRow, int number, Span<byte> resampled)
    {
        ReadOnlySpan<int> weights = _weights.AsSpan(number * _stride, _counts[number]);
        rows = rows[((_firsts[number] - firstRow) * resampled.Length)..];
        for (int i = 0; i < resampled.Length; i++)
        {
            int sum = Half;
            for (int tap = 0, at = i; tap < weights.Length; tap++, at += resampled.Length)
            {
                sum += rows[at] * weights[tap];
            }

            resampled[i] = Rounded(sum);
        }
    }

    private static byte Rounded(int sum) => (byte)Math.Clamp(sum >> BinaryPlaces, 0, byte.MaxValue);
}
