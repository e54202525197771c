using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Regions;

/// <summary>The sizes of a pooling of regions: features [N, H, W, C] and boxes [N, R, 4] give [N, R, H', W', C].</summary>
/// <param name="Height">The rows of the features.</param>
/// <param name="Width">The columns of the features.</param>
/// <param name="Channels">The channels.</param>
/// <param name="Boxes">The boxes of an image.</param>
/// <param name="OutputHeight">The rows of bins.</param>
/// <param name="OutputWidth">The columns of bins.</param>
/// <param name="SpatialScale">What the boxes' corners are multiplied by.</param>
internal readonly record struct RoiShape(
    int Height, int Width, int Channels, int Boxes, int OutputHeight, int OutputWidth, float SpatialScale)
{
    // Corners beyond are of no use to any image, and positions made of them fit an int.
    private const double MostDistant = 1 << 24;

    /// <summary>Channels that one item of a gradient takes: items of an image share no number.</summary>
    public const int PartChannels = 32;

    /// <summary>The floats of one image of features.</summary>
    public nint InputLength => (nint)Height * Width * Channels;

    /// <summary>The floats of the bins of one box.</summary>
    public nint BoxLength => (nint)OutputHeight * OutputWidth * Channels;

    /// <summary>The floats of the bins of all boxes of an image.</summary>
    public nint OutputLength => Boxes * BoxLength;

    /// <summary>Into how many parts the channels are divided in a gradient.</summary>
    public int Parts => Rounding.DivideUp(Channels, PartChannels);

    /// <summary>A corner in pixels of the features; 0 for what is not a number.</summary>
    public double Scaled(float corner)
    {
        double scaled = (double)corner * SpatialScale;
        return double.IsNaN(scaled) ? 0 : Math.Clamp(scaled, -MostDistant, MostDistant);
    }
}
