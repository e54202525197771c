using Microsoft.ML.ConvNet.Kernels.Layout;

namespace Microsoft.ML.ConvNet.Kernels.Regions;

/// <summary>A box as bins with samples (He et al., 2017).</summary>
internal readonly unsafe struct RoiBins
{
    private readonly double _top;
    private readonly double _left;
    private readonly double _binHeight;
    private readonly double _binWidth;
    private readonly int _samples;
    private readonly int _height;
    private readonly int _width;

    /// <summary>The bins of a box x1, y1, x2, y2.</summary>
    public RoiBins(in RoiShape shape, float* box, int samples, bool aligned)
    {
        double offset = aligned ? 0.5 : 0;
        double least = aligned ? double.NegativeInfinity : 1;
        _left = shape.Scaled(box[0]) - offset;
        _top = shape.Scaled(box[1]) - offset;
        _binWidth = Math.Max(shape.Scaled(box[2]) - offset - _left, least) / shape.OutputWidth;
        _binHeight = Math.Max(shape.Scaled(box[3]) - offset - _top, least) / shape.OutputHeight;
        _samples = samples;
        _height = shape.Height;
        _width = shape.Width;
    }

    /// <summary>The samples of a row of bins along the height.</summary>
    public RoiSamples Rows(int row) => new(_top, _binHeight, row, _samples, _height);

    /// <summary>The samples of a column of bins along the width.</summary>
    public RoiSamples Columns(int column) => new(_left, _binWidth, column, _samples, _width);

    /// <summary>What a mean over the samples of a bin divides by.</summary>
    public static float Divisor(in RoiSamples rows, in RoiSamples columns) => (float)Math.Max((double)rows.Total * columns.Total, 1);
}

/// <summary>The four pixels around a sample: where they are in an image, in floats, and their weights.</summary>
internal readonly struct RoiCorners
{
    /// <summary>The number of pixels around a sample.</summary>
    public const int Count = 4;

    private readonly nint _upper;
    private readonly nint _lower;
    private readonly nint _left;
    private readonly nint _right;
    private readonly float _down;
    private readonly float _across;

    /// <summary>The pixels around a sample.</summary>
    public RoiCorners(in RoiShape shape, in ResizeTap row, in ResizeTap column)
    {
        nint pitch = (nint)shape.Width * shape.Channels;
        _upper = row.Lower * pitch;
        _lower = row.Upper * pitch;
        _left = (nint)column.Lower * shape.Channels;
        _right = (nint)column.Upper * shape.Channels;
        _down = row.Weight;
        _across = column.Weight;
    }

    /// <summary>Where a corner is: upper left, upper right, lower left, lower right.</summary>
    public nint Position(int corner) => (corner < 2 ? _upper : _lower) + ((corner & 1) == 0 ? _left : _right);

    /// <summary>The weight of a corner.</summary>
    public float Weight(int corner) => (corner < 2 ? 1 - _down : _down) * ((corner & 1) == 0 ? 1 - _across : _across);
}
