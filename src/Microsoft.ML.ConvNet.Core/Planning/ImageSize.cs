using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>
/// The image that an op sees in what it reads or writes. A reshape leaves no op of its own, so that an op may see another image in a value
/// than the op that wrote it.
/// </summary>
internal readonly record struct ImageSize(int Height, int Width, int Channels)
{
    /// <summary>What a convolution or pooling writes, before it pools; null for other ops.</summary>
    public static ImageSize? WrittenBy(Op op) => op switch
    {
        ConvolutionOp { Geometry: { } s } => new(s.OutputHeight, s.OutputWidth, s.OutputChannels),
        MaxPoolingOp { Geometry: { } s } => new(s.OutputHeight, s.OutputWidth, s.Channels),
        AveragePoolingOp { Geometry: { } s } => new(s.OutputHeight, s.OutputWidth, s.Channels),
        _ => null,
    };

    /// <summary>What a convolution or pooling reads; null for other ops.</summary>
    public static ImageSize? ReadBy(Op op) => op switch
    {
        ConvolutionOp { Geometry: { } s } => new(s.InputHeight, s.InputWidth, s.InputChannels),
        MaxPoolingOp { Geometry: { } s } => new(s.InputHeight, s.InputWidth, s.Channels),
        AveragePoolingOp { Geometry: { } s } => new(s.InputHeight, s.InputWidth, s.Channels),
        _ => null,
    };
}
