using Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution;

/// <summary>
/// A way to compute the forward pass of a convolution or its gradients. The choice depends on the shape of one image only, so
/// that an image scores to the same bits in any batch. Contracts are those of <see cref="Convolution"/>.
/// </summary>
internal abstract unsafe class ConvolutionAlgorithm
{
    /// <summary>The sum as it stands: products of gathered or direct rows with packed weights, or one filter a channel.</summary>
    public static ConvolutionAlgorithm Direct { get; } = new DirectAlgorithm();

    /// <summary>Winograd's F(2x2, 3x3).</summary>
    public static ConvolutionAlgorithm Winograd2 { get; } = new WinogradAlgorithm<WinogradTransform2>();

    /// <summary>Winograd's F(4x4, 3x3).</summary>
    public static ConvolutionAlgorithm Winograd4 { get; } = new WinogradAlgorithm<WinogradTransform4>();

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

    /// <summary>Packs weights for <see cref="Forward"/>; with a gang, on all its threads.</summary>
    public abstract void PackWeights(WorkerGang? gang, in ConvolutionShape shape, float* weights, float* packed);

    /// <summary>Floats of the packed weights for <see cref="BackwardData"/>.</summary>
    public abstract nint PackedTransposedWeightsLength(in ConvolutionShape shape);

    /// <summary>Packs weights for <see cref="BackwardData"/>; with a gang, on all its threads.</summary>
    public abstract void PackTransposedWeights(WorkerGang? gang, in ConvolutionShape shape, float* weights, float* packed);

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

    private sealed class DirectAlgorithm : ConvolutionAlgorithm
    {
        public override string Name(in ConvolutionShape shape) =>
            shape.IsDepthwise ? "depthwise"
            : ConvolutionGeometry.Forward(shape.Canonical()).IsPointwise ? "matrix product"
            : "direct";

        public override nint PackedWeightsLength(in ConvolutionShape shape) => Convolution.PackedWeightsLength(shape);

        public override void PackWeights(WorkerGang? gang, in ConvolutionShape shape, float* weights, float* packed) =>
            Convolution.PackWeights(gang, shape, weights, packed);

        public override nint PackedTransposedWeightsLength(in ConvolutionShape shape) => Convolution.PackedTransposedWeightsLength(shape);

        public override void PackTransposedWeights(WorkerGang? gang, in ConvolutionShape shape, float* weights, float* packed) =>
            Convolution.PackTransposedWeights(gang, shape, weights, packed);

        public override nuint ScratchBytes(in ConvolutionShape shape) => Convolution.ScratchBytes(shape);

        public override void Forward(
            WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* packed, in Epilogue epilogue, float* y) =>
            Convolution.Forward(gang, shape, batch, x, packed, epilogue, y);

        public override void BackwardData(
            WorkerGang gang, in ConvolutionShape shape, int batch, float* dy, float* packedTransposed, float* dx, bool accumulate) =>
            Convolution.BackwardData(gang, shape, batch, dy, packedTransposed, dx, accumulate);

        public override nint WeightGradientWorkspaceLength(in ConvolutionShape shape, int maximumBatch) =>
            Convolution.WeightGradientWorkspaceLength(shape, maximumBatch);

        public override void BackwardWeights(
            WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* dy, float* dw, float* workspace, bool accumulate) =>
            Convolution.BackwardWeights(gang, shape, batch, x, dy, dw, workspace, accumulate);
    }

    private sealed class WinogradAlgorithm<TTransform> : ConvolutionAlgorithm
        where TTransform : struct, IWinogradTransform
    {
        public override bool CanPool => true;

        public override string Name(in ConvolutionShape shape) =>
            $"Winograd F({TTransform.Outputs}x{TTransform.Outputs}, 3x3)";

        public override nint PackedWeightsLength(in ConvolutionShape shape) => WinogradConvolution<TTransform>.PackedWeightsLength(shape);

        public override void PackWeights(WorkerGang? gang, in ConvolutionShape shape, float* weights, float* packed) =>
            WinogradConvolution<TTransform>.PackWeights(gang, shape, weights, packed);

        public override nint PackedTransposedWeightsLength(in ConvolutionShape shape) =>
            WinogradConvolution<TTransform>.PackedTransposedWeightsLength(shape);

        public override void PackTransposedWeights(WorkerGang? gang, in ConvolutionShape shape, float* weights, float* packed) =>
            WinogradConvolution<TTransform>.PackTransposedWeights(gang, shape, weights, packed);

        public override nuint ScratchBytes(in ConvolutionShape shape) => WinogradConvolution<TTransform>.ScratchBytes(shape);

        public override void Forward(
            WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* packed, in Epilogue epilogue, float* y) =>
            WinogradConvolution<TTransform>.Forward(gang, shape, batch, x, packed, epilogue, y);

        public override void BackwardData(
            WorkerGang gang, in ConvolutionShape shape, int batch, float* dy, float* packedTransposed, float* dx, bool accumulate) =>
            WinogradConvolution<TTransform>.BackwardData(gang, shape, batch, dy, packedTransposed, dx, accumulate);

        public override nint WeightGradientWorkspaceLength(in ConvolutionShape shape, int maximumBatch) =>
            WinogradConvolution<TTransform>.WeightGradientWorkspaceLength(shape, maximumBatch);

        public override void BackwardWeights(
            WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* dy, float* dw, float* workspace, bool accumulate) =>
            WinogradConvolution<TTransform>.BackwardWeights(gang, shape, batch, x, dy, dw, workspace, accumulate);
    }
}
