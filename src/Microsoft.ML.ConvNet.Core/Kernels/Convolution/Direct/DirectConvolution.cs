using Microsoft.ML.ConvNet.Kernels.Convolution.Depthwise;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Direct;

/// <summary>
/// The sum as it stands: products of gathered or direct rows with packed weights, or one filter a channel. A matrix product of rows is
/// the convolution of as many images of one pixel, <see cref="ConvolutionShape.Dense"/>.
/// </summary>
internal sealed unsafe class DirectConvolution : ConvolutionAlgorithm
{
    /// <inheritdoc/>
    public override string Name(in ConvolutionShape shape) =>
        shape.IsDepthwise ? "depthwise"
        : ConvolutionGeometry.Forward(shape.Canonical()).IsPointwise ? "matrix product"
        : "direct";

    /// <inheritdoc/>
    public override nint PackedWeightsLength(in ConvolutionShape shape)
    {
        ConvolutionShape s = shape.Canonical();
        return ConvolutionWeights.Length(ConvolutionGeometry.Forward(s));
    }

    /// <inheritdoc/>
    public override void PackWeights(WorkerGang gang, in ConvolutionShape shape, float* weights, float* packed)
    {
        ConvolutionShape s = shape.Canonical();
        ConvolutionWeights.Pack(gang, s, ConvolutionGeometry.Forward(s), false, weights, packed);
    }

    /// <inheritdoc/>
    public override nint PackedTransposedWeightsLength(in ConvolutionShape shape)
    {
        ConvolutionShape s = shape.Canonical();
        nint length = 0;
        for (int phase = 0; phase < ConvolutionGeometry.Phases(s); phase++)
        {
            length += ConvolutionWeights.Length(ConvolutionGeometry.Gradient(s, phase));
        }

        return length;
    }

    /// <inheritdoc/>
    public override void PackTransposedWeights(WorkerGang gang, in ConvolutionShape shape, float* weights, float* packed)
    {
        ConvolutionShape s = shape.Canonical();
        for (int phase = 0; phase < ConvolutionGeometry.Phases(s); phase++)
        {
            ConvolutionGeometry geometry = ConvolutionGeometry.Gradient(s, phase);
            ConvolutionWeights.Pack(gang, s, geometry, true, weights, packed);
            packed += ConvolutionWeights.Length(geometry);
        }
    }

    /// <inheritdoc/>
    public override nuint ScratchBytes(in ConvolutionShape shape)
    {
        ConvolutionShape s = shape.Canonical();
        ConvolutionGeometry forward = ConvolutionGeometry.Forward(s);
        nint floats = Math.Max(ConvolutionTasks.ScratchLength(forward), ConvolutionWeightGradient.ScratchLength(forward));
        for (int phase = 0; phase < ConvolutionGeometry.Phases(s); phase++)
        {
            floats = Math.Max(floats, ConvolutionTasks.ScratchLength(ConvolutionGeometry.Gradient(s, phase)));
        }

        return (nuint)floats * sizeof(float);
    }

    /// <inheritdoc/>
    public override void Forward(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* packed, in Epilogue epilogue, float* y) =>
        Forward(gang, shape, batch, x, packed, epilogue, y, accumulate: false);

    /// <summary>y = epilogue(x * weights), or epilogue(y + that).</summary>
    public static void Forward(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* packed, in Epilogue epilogue, float* y, bool accumulate)
    {
        ConvolutionShape s = shape.Canonical();
        ConvolutionPass pass = ConvolutionPass.Of(ConvolutionGeometry.Forward(s), batch);
        pass.Source = x;
        pass.Weights = packed;
        pass.Result = y;
        pass.Accumulates = accumulate;
        pass.Epilogue = epilogue;
        if (epilogue.IsRelu)
        {
            pass.Epilogue.Activation = null;
        }

        Run(gang, s, &pass);
    }

    /// <inheritdoc/>
    public override void BackwardData(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* dy, float* packedTransposed, float* dx, bool accumulate) =>
        Transposed(gang, shape, batch, dy, packedTransposed, default, dx, accumulate);

    /// <summary>
    /// <see cref="BackwardData"/> with an epilogue: the transposed convolution as a layer. Its bias is one number a channel of the input of
    /// the <see cref="ConvolutionShape.Canonical"/> shape.
    /// </summary>
    public static void Transposed(
        WorkerGang gang,
        in ConvolutionShape shape,
        int batch,
        float* dy,
        float* packedTransposed,
        in Epilogue epilogue,
        float* dx,
        bool accumulate)
    {
        ConvolutionShape s = shape.Canonical();
        for (int phase = 0; phase < ConvolutionGeometry.Phases(s); phase++)
        {
            ConvolutionGeometry geometry = ConvolutionGeometry.Gradient(s, phase);
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
                Run(gang, s, &pass);
            }

            packedTransposed += ConvolutionWeights.Length(geometry);
        }
    }

    /// <inheritdoc/>
    public override nint WeightGradientWorkspaceLength(in ConvolutionShape shape, int maximumBatch)
    {
        ConvolutionShape s = shape.Canonical();
        return s.IsDepthwise
            ? DepthwiseWeightGradient.WorkspaceLength(s, maximumBatch)
            : ConvolutionWeightGradient.WorkspaceLength(s, maximumBatch);
    }

    /// <inheritdoc/>
    public override void BackwardWeights(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* dy, float* dw, float* workspace, bool accumulate)
    {
        ConvolutionShape s = shape.Canonical();
        if (s.IsDepthwise)
        {
            DepthwiseWeightGradient.Run(gang, s, batch, x, dy, dw, workspace, accumulate);
        }
        else
        {
            ConvolutionWeightGradient.Run(gang, s, batch, x, dy, dw, workspace, accumulate);
        }
    }

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
