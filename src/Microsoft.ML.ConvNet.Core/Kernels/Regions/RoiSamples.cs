using Microsoft.ML.ConvNet.Kernels.Layout;

namespace Microsoft.ML.ConvNet.Kernels.Regions;

/// <summary>The samples of a bin of a box along one axis.</summary>
internal readonly struct RoiSamples
{
    private readonly double _first;
    private readonly double _step;
    private readonly int _limit;

    /// <summary>The samples of a bin.</summary>
    /// <param name="start">Where the box begins, in pixels.</param>
    /// <param name="bin">The length of a bin.</param>
    /// <param name="index">The number of the bin.</param>
    /// <param name="samples">The samples of a bin; 0 for one a pixel, rounded up.</param>
    /// <param name="limit">The pixels of the image.</param>
    public RoiSamples(double start, double bin, int index, int samples, int limit)
    {
        Total = samples > 0 ? samples : Math.Max((long)Math.Ceiling(bin), 0);
        _step = bin / Math.Max(Total, 1);
        _first = start + (index * bin) + (0.5 * _step);
        _limit = limit;
        From = 0;
        To = (int)Math.Min(Total, int.MaxValue);
        if (_step > 0)
        {
            // Of a box far larger than the image, only the samples near it are looked at.
            From = (int)Math.Clamp(Math.Floor((-1 - _first) / _step), 0, To);
            To = (int)Math.Clamp(Math.Ceiling((limit - _first) / _step) + 1, From, To);
        }
    }

    /// <summary>How many samples there are, inside the image and outside.</summary>
    public long Total { get; }

    /// <summary>The first sample that may be inside.</summary>
    public int From { get; }

    /// <summary>The sample behind the last that may be inside.</summary>
    public int To { get; }

    /// <summary>The two pixels that a sample lies between; false where it is more than a pixel outside the image.</summary>
    public bool TryTap(int sample, out ResizeTap tap)
    {
        double position = _first + (sample * _step);
        tap = default;
        if (!(position >= -1 && position <= _limit))
        {
            return false;
        }

        position = Math.Max(position, 0);
        tap.Lower = (int)position;
        if (tap.Lower >= _limit - 1)
        {
            tap.Lower = tap.Upper = _limit - 1;
        }
        else
        {
            tap.Upper = tap.Lower + 1;
            tap.Weight = (float)(position - tap.Lower);
        }

        return true;
    }
}
