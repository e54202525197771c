using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Regions;

/// <summary>Pools samples between the pixels of the bins of boxes: their mean, or the largest weighted neighbour.</summary>
internal static unsafe class RoiAlignment
{
    /// <summary>
    /// y = the means or maxima; where <paramref name="indices"/> is given, which neighbour of which sample was the largest, or -1 for none.
    /// </summary>
    public static void Forward(
        WorkerGang gang, in RoiShape shape, int samples, bool aligned, bool isMaximum, int batch, float* x, float* boxes, float* y, int* indices)
    {
        RoiAlignmentLoop loop = new()
        {
            Shape = shape,
            Samples = samples,
            Aligned = aligned,
            IsMaximum = isMaximum,
            X = x,
            Boxes = boxes,
            Y = y,
            Indices = (float*)indices,
        };
        SimdLoop.For(gang, batch * shape.Boxes * shape.OutputHeight, &loop, batch * (shape.InputLength + (8 * shape.OutputLength)));
    }

    /// <summary>dx = for every pixel, the gradients of the samples around it times its weights, in the order of the samples; or dx += it.</summary>
    public static void Backward(
        WorkerGang gang,
        in RoiShape shape,
        int samples,
        bool aligned,
        bool isMaximum,
        int batch,
        float* boxes,
        float* dy,
        int* indices,
        float* dx,
        bool accumulate)
    {
        RoiAlignmentGradientLoop loop = new()
        {
            Shape = shape,
            Samples = samples,
            Aligned = aligned,
            IsMaximum = isMaximum,
            Boxes = boxes,
            Dy = dy,
            Indices = (float*)indices,
            Dx = dx,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, batch * shape.Parts, &loop, batch * (shape.InputLength + (8 * shape.OutputLength)));
    }
}
