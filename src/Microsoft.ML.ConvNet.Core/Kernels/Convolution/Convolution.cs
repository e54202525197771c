using Microsoft.ML.ConvNet.Kernels.Convolution.Depthwise;
using Microsoft.ML.ConvNet.Kernels.Convolution.Direct;
using Microsoft.ML.ConvNet.Kernels.Reductions;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution;

/// <summary>
/// Two-dimensional convolution of float32 images [N, H, W, C] with weights [KH, KW, C / groups, outputs], and its gradients.
/// </summary>
/// <remarks>
/// A number of the result is one sum in an order fixed by the shape of one image: it has the same bits whatever the batch around it and
/// whatever the threads. Callers reserve <see cref="ScratchBytes"/> on the gang; nothing is allocated here.
/// </remarks>
internal static unsafe class Convolution
{
    /// <summary>Floats of the packed weights for <see cref="Forward"/>.</summary>
    public static nint PackedWeightsLength(in ConvolutionShape s)
    {
        ConvolutionShape shape = s.Canonical();
        return ConvolutionWeights.Length(ConvolutionGeometry.Forward(shape));
    }

    /// <summary>Packs weights for <see cref="Forward"/>.</summary>
    public static void PackWeights(in ConvolutionShape s, float* weights, float* packed) => PackWeights(null, s, weights, packed);

    /// <summary>Packs weights for <see cref="Forward"/>; with a gang, on all its threads.</summary>
    public static void PackWeights(WorkerGang? gang, in ConvolutionShape s, float* weights, float* packed)
    {
        ConvolutionShape shape = s.Canonical();
        ConvolutionWeights.Pack(gang, shape, ConvolutionGeometry.Forward(shape), false, weights, packed);
    }

    /// <summary>Floats of the packed weights for <see cref="BackwardData"/>.</summary>
    public static nint PackedTransposedWeightsLength(in ConvolutionShape s)
    {
        ConvolutionShape shape = s.Canonical();
        nint length = 0;
        for (int phase = 0; phase < ConvolutionGeometry.Phases(shape); phase++)
        {
            length += ConvolutionWeights.Length(ConvolutionGeometry.Gradient(shape, phase));
        }

        return length;
    }

    /// <summary>Packs weights for <see cref="BackwardData"/>.</summary>
    public static void PackTransposedWeights(in ConvolutionShape s, float* weights, float* packed) =>
        PackTransposedWeights(null, s, weights, packed);

    /// <summary>Packs weights for <see cref="BackwardData"/>; with a gang, on all its threads.</summary>
    public static void PackTransposedWeights(WorkerGang? gang, in ConvolutionShape s, float* weights, float* packed)
    {
        ConvolutionShape shape = s.Canonical();
        for (int phase = 0; phase < ConvolutionGeometry.Phases(shape); phase++)
        {
            ConvolutionGeometry geometry = ConvolutionGeometry.Gradient(shape, phase);
            ConvolutionWeights.Pack(gang, shape, geometry, true, weights, packed);
            packed += ConvolutionWeights.Length(geometry);
        }
    }

    /// <summary>Bytes of scratch memory that each thread needs for any of the three passes.</summary>
    public static nuint ScratchBytes(in ConvolutionShape s)
    {
        ConvolutionShape shape = s.Canonical();
        ConvolutionGeometry forward = ConvolutionGeometry.Forward(shape);
        nint floats = Math.Max(ConvolutionTasks.ScratchLength(forward), ConvolutionWeightGradient.ScratchLength(forward));
        for (int phase = 0; phase < ConvolutionGeometry.Phases(shape); phase++)
        {
            floats = Math.Max(floats, ConvolutionTasks.ScratchLength(ConvolutionGeometry.Gradient(shape, phase)));
        }

        return (nuint)floats * sizeof(float);
    }

    /// <summary>y = epilogue(x * weights), or epilogue(y + that).</summary>
    public static void Forward(
        WorkerGang gang, in ConvolutionShape s, int batch, float* x, float* packed, in Epilogue epilogue, float* y, bool accumulate = false)
    {
        ConvolutionShape shape = s.Canonical();
        ConvolutionPass pass = ConvolutionPass.Of(ConvolutionGeometry.Forward(shape), batch);
        pass.Source = x;
        pass.Weights = packed;
        pass.Result = y;
        pass.Accumulates = accumulate;
        pass.Epilogue = epilogue;
        if (epilogue.IsRelu)
        {
            pass.Epilogue.Activation = null;
        }

        Run(gang, shape, &pass);
    }

    /// <summary>dx = dy * turned weights, or dx += that.</summary>
    public static void BackwardData(
        WorkerGang gang, in ConvolutionShape s, int batch, float* dy, float* packedTransposed, float* dx, bool accumulate) =>
        Transposed(gang, s, batch, dy, packedTransposed, default, dx, accumulate);

    /// <summary>
    /// <see cref="BackwardData"/> with an epilogue: the transposed convolution as a layer. Its bias is one number a channel of the input of
    /// the <see cref="ConvolutionShape.Canonical"/> shape.
    /// </summary>
    public static void Transposed(
        WorkerGang gang,
        in ConvolutionShape s,
        int batch,
        float* dy,
        float* packedTransposed,
        in Epilogue epilogue,
        float* dx,
        bool accumulate)
    {
        ConvolutionShape shape = s.Canonical();
        for (int phase = 0; phase < ConvolutionGeometry.Phases(shape); phase++)
        {
            ConvolutionGeometry geometry = ConvolutionGeometry.Gradient(shape, phase);
            ConvolutionPass pass = ConvolutionPass.Of(geometry, batch);
            pass.Source = dy;
            pass.Weights = packedTransposed;
            pass.Result = dx;
            pass.Accumulates = accumulate;
            pass.Epilogue = epilogue;
            if (epilogue.IsRelu)
            {
                pass.Epilogue.Activation = null;
            }

            if (geometry.Taps > 0 || !accumulate)
            {
                Run(gang, shape, &pass);
            }

            packedTransposed += ConvolutionWeights.Length(geometry);
        }
    }

    /// <summary>Floats of workspace that <see cref="BackwardWeights"/> needs for batches up to <paramref name="maximumBatch"/>.</summary>
    public static nint WeightGradientWorkspaceLength(in ConvolutionShape s, int maximumBatch)
    {
        ConvolutionShape shape = s.Canonical();
        return shape.IsDepthwise
            ? DepthwiseWeightGradient.WorkspaceLength(shape, maximumBatch)
            : ConvolutionWeightGradient.WorkspaceLength(shape, maximumBatch);
    }

    /// <summary>dw = the gradient with respect to the weights [KH, KW, C / groups, outputs], or dw += that.</summary>
    public static void BackwardWeights(
        WorkerGang gang, in ConvolutionShape s, int batch, float* x, float* dy, float* dw, float* workspace, bool accumulate)
    {
        ConvolutionShape shape = s.Canonical();
        if (shape.IsDepthwise)
        {
            DepthwiseWeightGradient.Run(gang, shape, batch, x, dy, dw, workspace, accumulate);
        }
        else
        {
            ConvolutionWeightGradient.Run(gang, shape, batch, x, dy, dw, workspace, accumulate);
        }
    }

    /// <summary>db [channels] = the sums over the rows of dy [rows, channels], or db += that.</summary>
    public static void BackwardBias(WorkerGang gang, int rows, int channels, float* dy, float* db, bool accumulate) =>
        Reduction.ColumnSums(gang, rows, channels, dy, db, accumulate);

    private static void Run(WorkerGang gang, in ConvolutionShape shape, ConvolutionPass* pass)
    {
        if (shape.IsDepthwise)
        {
            DepthwiseConvolution.Run(gang, pass);
        }
        else
        {
            ConvolutionTasks.Run(gang, pass);
        }
    }
}
