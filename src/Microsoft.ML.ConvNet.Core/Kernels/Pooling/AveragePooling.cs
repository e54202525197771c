using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Pooling;

/// <summary>
/// Average pooling over [N, H, W, C], global pooling included. A window that leaves the image is divided by its part inside of it,
/// or inside of the padded image where <see cref="PoolingShape.CountIncludesPadding"/>.
/// </summary>
internal static unsafe class AveragePooling
{
    // Few output rows are divided further, by channels.
    private const int RowsToShare = 8;
    private const int ChannelsOfAPart = 64;

    /// <summary>y = the average of each window; its rows are summed first, then their sums.</summary>
    public static void Forward(WorkerGang gang, in PoolingShape shape, int batch, float* x, float* y)
    {
        int rows = batch * shape.OutputHeight;
        int parts = rows >= RowsToShare ? 1 : Rounding.DivideUp(shape.Channels, ChannelsOfAPart);
        AveragePoolingLoop loop = new()
        {
            Shape = shape,
            X = x,
            Y = y,
            Parts = parts,
            PartChannels = parts == 1 ? shape.Channels : ChannelsOfAPart,
        };
        SimdLoop.For(gang, rows * parts, &loop, batch * (shape.InputLength + shape.OutputLength));
    }

    /// <summary>dx = the sum of the window gradients over their divisors, in row-major order of the windows, or dx += it.</summary>
    public static void Backward(WorkerGang gang, in PoolingShape shape, int batch, float* dy, float* dx, bool accumulate)
    {
        AveragePoolingGradientLoop loop = new() { Shape = shape, Dy = dy, Dx = dx, Accumulate = accumulate };
        SimdLoop.For(gang, batch * shape.InputHeight, &loop, batch * (shape.InputLength + shape.OutputLength));
    }
}
