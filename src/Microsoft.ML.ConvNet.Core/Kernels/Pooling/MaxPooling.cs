using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Pooling;

/// <summary>
/// Max pooling over [N, H, W, C]. Padding never wins; of equal elements the first in row-major order wins; NaN wins over all.
/// A window wholly outside the image gives minus infinity.
/// </summary>
internal static unsafe class MaxPooling
{
    /// <summary>y = the maximum of each window; where ReLU follows, max(maximum, 0).</summary>
    public static void Forward(WorkerGang gang, in PoolingShape shape, int batch, float* x, float* y, bool rectifies = false)
    {
        MaxPoolingLoop loop = new() { Shape = shape, X = x, Y = y, Rectifies = rectifies };
        SimdLoop.For(gang, batch * shape.OutputHeight, &loop, batch * (shape.InputLength + shape.OutputLength));
    }

    /// <summary>
    /// The same, and where each maximum was: its position h W + w in the input image. Where ReLU follows, a window without a positive number
    /// has no position, but -1: nothing of its gradient arrives.
    /// </summary>
    public static void ForwardWithIndices(
        WorkerGang gang, in PoolingShape shape, int batch, float* x, float* y, int* indices, bool rectifies = false)
    {
        MaxPoolingIndexLoop loop = new() { Shape = shape, X = x, Y = y, Indices = (float*)indices, Rectifies = rectifies };
        SimdLoop.For(gang, batch * shape.OutputHeight, &loop, batch * (shape.InputLength + (2 * shape.OutputLength)));
    }

    /// <summary>
    /// dx = the sum of the gradients of the windows that an element won, in row-major order of the windows, or dx += it.
    /// </summary>
    public static void Backward(
        WorkerGang gang, in PoolingShape shape, int batch, float* dy, int* indices, float* dx, bool accumulate)
    {
        MaxPoolingGradientLoop loop = new()
        {
            Shape = shape,
            Dy = dy,
            Indices = (float*)indices,
            Dx = dx,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, batch * shape.InputHeight, &loop, batch * (shape.InputLength + (2 * shape.OutputLength)));
    }
}
