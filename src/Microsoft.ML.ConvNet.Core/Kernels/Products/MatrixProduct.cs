using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Products;

/// <summary>
/// The product of rows [rows, inputs] with weights [inputs, outputs], and its gradients: a dense layer is a 1x1 convolution of
/// <c>rows</c> images of one pixel, and is computed as one.
/// </summary>
internal static unsafe class MatrixProduct
{
    /// <summary>Floats of the packed weights for <see cref="Forward"/>.</summary>
    public static nint PackedWeightsLength(int inputs, int outputs) =>
        Convolution.Convolution.PackedWeightsLength(ConvolutionShape.Dense(inputs, outputs));

    /// <summary>Packs weights for <see cref="Forward"/>.</summary>
    public static void PackWeights(int inputs, int outputs, float* weights, float* packed) =>
        PackWeights(null, inputs, outputs, weights, packed);

    /// <summary>Packs weights for <see cref="Forward"/>; with a gang, on all its threads.</summary>
    public static void PackWeights(WorkerGang? gang, int inputs, int outputs, float* weights, float* packed) =>
        Convolution.Convolution.PackWeights(gang, ConvolutionShape.Dense(inputs, outputs), weights, packed);

    /// <summary>Floats of the packed weights for <see cref="BackwardData"/>.</summary>
    public static nint PackedTransposedWeightsLength(int inputs, int outputs) =>
        Convolution.Convolution.PackedTransposedWeightsLength(ConvolutionShape.Dense(inputs, outputs));

    /// <summary>Packs weights for <see cref="BackwardData"/>.</summary>
    public static void PackTransposedWeights(int inputs, int outputs, float* weights, float* packed) =>
        PackTransposedWeights(null, inputs, outputs, weights, packed);

    /// <summary>Packs weights for <see cref="BackwardData"/>; with a gang, on all its threads.</summary>
    public static void PackTransposedWeights(WorkerGang? gang, int inputs, int outputs, float* weights, float* packed) =>
        Convolution.Convolution.PackTransposedWeights(gang, ConvolutionShape.Dense(inputs, outputs), weights, packed);

    /// <summary>Bytes of scratch memory that each thread needs for any of the three products.</summary>
    public static nuint ScratchBytes(int inputs, int outputs) => Convolution.Convolution.ScratchBytes(ConvolutionShape.Dense(inputs, outputs));

    /// <summary>y [rows, outputs] = epilogue(x [rows, inputs] * weights).</summary>
    public static void Forward(
        WorkerGang gang, int rows, int inputs, int outputs, float* x, float* packed, in Epilogue epilogue, float* y) =>
        Convolution.Convolution.Forward(gang, ConvolutionShape.Dense(inputs, outputs), rows, x, packed, epilogue, y);

    /// <summary>dx [rows, inputs] = dy [rows, outputs] * transposed weights, or dx += that.</summary>
    public static void BackwardData(
        WorkerGang gang, int rows, int inputs, int outputs, float* dy, float* packedTransposed, float* dx, bool accumulate) =>
        Convolution.Convolution.BackwardData(gang, ConvolutionShape.Dense(inputs, outputs), rows, dy, packedTransposed, dx, accumulate);

    /// <summary>Floats of workspace that <see cref="BackwardWeights"/> needs for up to <paramref name="maximumRows"/> rows.</summary>
    public static nint WeightGradientWorkspaceLength(int inputs, int outputs, int maximumRows) =>
        Convolution.Convolution.WeightGradientWorkspaceLength(ConvolutionShape.Dense(inputs, outputs), maximumRows);

    /// <summary>dw [inputs, outputs] = transposed x * dy, or dw += that.</summary>
    public static void BackwardWeights(
        WorkerGang gang, int rows, int inputs, int outputs, float* x, float* dy, float* dw, float* workspace, bool accumulate) =>
        Convolution.Convolution.BackwardWeights(gang, ConvolutionShape.Dense(inputs, outputs), rows, x, dy, dw, workspace, accumulate);
}
