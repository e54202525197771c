using Microsoft.ML.ConvNet.Kernels.Convolution.Direct;
using Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution;

/// <summary>
/// A way to compute two-dimensional convolutions of float32 images [N, H, W, C] with weights [KH, KW, C / groups, outputs], and their
/// gradients. The choice depends on the shape of one image only, so that an image scores to the same bits in any batch.
/// </summary>
/// <remarks>
/// A number of the result is one sum in an order fixed by the shape of one image: it has the same bits whatever the batch around it and
/// whatever the threads. Callers reserve <see cref="ScratchBytes"/> on the gang; nothing is allocated here.
/// </remarks>
internal abstract unsafe class ConvolutionAlgorithm
{
    /// <summary>The sum as it stands: products of gathered or direct rows with packed weights, or one filter a channel.</summary>
    public static ConvolutionAlgorithm Direct { get; } = new DirectConvolution();

    /// <summary>Winograd's F(2x2, 3x3).</summary>
    public static ConvolutionAlgorithm Winograd2 { get; } = new WinogradConvolution<WinogradTransform2>();

    /// <summary>Winograd's F(4x4, 3x3).</summary>
    public static ConvolutionAlgorithm Winograd4 { get; } = new WinogradConvolution<WinogradTransform4>();

    /// <summary>The algorithm for the forward pass that should take the least time.</summary>
    public static ConvolutionAlgorithm ForForward(in ConvolutionShape shape) =>
        Best(shape, s => ConvolutionCost.Direct(s), (outputs, s) => ConvolutionCost.Winograd(outputs, s));

    /// <summary>The algorithm for the data gradient that should take the least time.</summary>
    public static ConvolutionAlgorithm ForDataGradient(in ConvolutionShape shape)
    {
        // It convolves the output's gradient with the turned weights.
        ConvolutionShape turned = shape with
        {
            InputChannels = shape.OutputChannels,
            OutputHeight = shape.InputHeight,
            OutputWidth = shape.InputWidth,
            OutputChannels = shape.InputChannels,
        };
        return WinogradConvolution<WinogradTransform4>.Applies(shape) ? ForForward(turned) : Direct;
    }

    /// <summary>The algorithm for the weight gradient that should take the least time.</summary>
    public static ConvolutionAlgorithm ForWeightGradient(in ConvolutionShape shape) =>
        Best(shape, s => ConvolutionCost.DirectWeightGradient(s), (outputs, s) => ConvolutionCost.WinogradWeightGradient(outputs, s));

    /// <summary>Whether the forward pass can pool its results in registers: <see cref="Epilogue.Pools"/>.</summary>
    public virtual bool CanPool => false;

    /// <summary>What it is called in a printed plan.</summary>
    public abstract string Name(in ConvolutionShape shape);

    /// <summary>Floats of the packed weights for <see cref="Forward"/>.</summary>
    public abstract nint PackedWeightsLength(in ConvolutionShape shape);

    /// <summary>Packs weights for <see cref="Forward"/>.</summary>
    public abstract void PackWeights(WorkerGang gang, in ConvolutionShape shape, float* weights, float* packed);

    /// <summary>Floats of the packed weights for <see cref="BackwardData"/>.</summary>
    public abstract nint PackedTransposedWeightsLength(in ConvolutionShape shape);

    /// <summary>Packs weights for <see cref="BackwardData"/>.</summary>
    public abstract void PackTransposedWeights(WorkerGang gang, in ConvolutionShape shape, float* weights, float* packed);

    /// <summary>Bytes of scratch memory that each thread needs.</summary>
    public abstract nuint ScratchBytes(in ConvolutionShape shape);

    /// <summary>y = epilogue(x * weights).</summary>
    public abstract void Forward(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* packed, in Epilogue epilogue, float* y);

    /// <summary>dx = dy * turned weights, or dx += that.</summary>
    public abstract void BackwardData(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* dy, float* packedTransposed, float* dx, bool accumulate);

    /// <summary>Floats of workspace for <see cref="BackwardWeights"/> for batches up to <paramref name="maximumBatch"/>.</summary>
    public abstract nint WeightGradientWorkspaceLength(in ConvolutionShape shape, int maximumBatch);

    /// <summary>dw = the gradient with respect to the weights [KH, KW, C / groups, outputs], or dw += that.</summary>
    public abstract void BackwardWeights(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* dy, float* dw, float* workspace, bool accumulate);

    private static ConvolutionAlgorithm Best(
        in ConvolutionShape shape, Func<ConvolutionShape, double> direct, Func<int, ConvolutionShape, double> winograd)
    {
        if (!WinogradConvolution<WinogradTransform4>.Applies(shape))
        {
            return Direct;
        }

        double winograd2 = winograd(WinogradTransform2.Outputs, shape);
        double winograd4 = winograd(WinogradTransform4.Outputs, shape);
        return direct(shape) <= Math.Min(winograd2, winograd4) ? Direct
            : winograd2 <= winograd4 ? Winograd2
            : Winograd4;
    }
}
