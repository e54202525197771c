using Microsoft.ML.ConvNet.Threading;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;

/// <summary>
/// Forward pass and gradients of 3x3 convolutions of stride 1 by Winograd's minimal filtering: F(2x2, 3x3) needs 16 products for 4
/// outputs where the sum needs 36, F(4x4, 3x3) 36 for 16 where it needs 144.
/// </summary>
/// <remarks>
/// The transforms add rounding errors: an output differs from the exact sum by at most <see cref="ErrorBound(int)"/> times the sum over the
/// input channels of (the largest absolute input in the tile's window) times (the absolute sum of the channel's nine weights); a weight's
/// gradient by at most <see cref="WeightGradientErrorBound"/> times the sum over the tiles of (the largest absolute input in the window)
/// times (the absolute sum of the tile's output gradients).
/// </remarks>
internal sealed unsafe class WinogradConvolution<TTransform> : ConvolutionAlgorithm
    where TTransform : struct, IWinogradTransform
{
    /// <inheritdoc/>
    public override bool CanPool => true;

    /// <summary>Whether the method applies to a shape, and to its data gradient.</summary>
    public static bool Applies(in ConvolutionShape s) =>
        s is { KernelHeight: 3, KernelWidth: 3, StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1, Groups: 1 }
        && s.PaddingTop is >= 0 and <= 2 && s.PaddingLeft is >= 0 and <= 2;

    // Those of the transforms of weights, inputs and outputs along both axes, and of the bias.
    private const int TransformRoundings = 24;

    /// <summary>The largest error of an output, in the units of the remarks, for a number of input channels: one rounding a channel.</summary>
    public static double ErrorBound(int channels) =>
        (channels + TransformRoundings) * TTransform.Amplification * Math.Pow(2, -24);

    /// <summary>The largest error of a weight's gradient, in the units of the remarks, for a number of tiles: one rounding a tile.</summary>
    public static double WeightGradientErrorBound(long tiles) =>
        (tiles + TransformRoundings) * TTransform.WeightGradientAmplification * Math.Pow(2, -24);

    /// <inheritdoc/>
    public override string Name(in ConvolutionShape shape) => Invariant($"Winograd F({TTransform.Outputs}x{TTransform.Outputs}, 3x3)");

    /// <inheritdoc/>
    public override nint PackedWeightsLength(in ConvolutionShape shape) => WinogradWeights<TTransform>.Length(shape);

    /// <inheritdoc/>
    public override void PackWeights(WorkerGang gang, in ConvolutionShape shape, float* weights, float* packed) =>
        WinogradWeights<TTransform>.Pack(gang, shape, isTurned: false, weights, packed);

    /// <inheritdoc/>
    public override nint PackedTransposedWeightsLength(in ConvolutionShape shape) => WinogradWeights<TTransform>.Length(Turned(shape));

    /// <inheritdoc/>
    public override void PackTransposedWeights(WorkerGang gang, in ConvolutionShape shape, float* weights, float* packed) =>
        WinogradWeights<TTransform>.Pack(gang, Turned(shape), isTurned: true, weights, packed);

    /// <inheritdoc/>
    public override nuint ScratchBytes(in ConvolutionShape shape) =>
        Math.Max(
            WinogradWeightGradient<TTransform>.ScratchBytes(shape),
            (nuint)Math.Max(WinogradTasks<TTransform>.ScratchLength(shape), WinogradTasks<TTransform>.ScratchLength(Turned(shape)))
                * sizeof(float));

    /// <inheritdoc/>
    public override void Forward(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* packed, in Epilogue epilogue, float* y)
    {
        WinogradPass pass = new(shape, batch, TTransform.Outputs)
        {
            Source = x,
            Weights = packed,
            Result = y,
            Epilogue = epilogue,
        };
        if (epilogue.IsRelu)
        {
            pass.Epilogue.Activation = null;
        }

        WinogradTasks<TTransform>.Run(gang, &pass);
    }

    /// <inheritdoc/>
    public override void BackwardData(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* dy, float* packedTransposed, float* dx, bool accumulate)
    {
        WinogradPass pass = new(Turned(shape), batch, TTransform.Outputs)
        {
            Source = dy,
            Weights = packedTransposed,
            Result = dx,
        };
        pass.Epilogue.Residual = accumulate ? dx : null;
        WinogradTasks<TTransform>.Run(gang, &pass);
    }

    /// <inheritdoc/>
    public override nint WeightGradientWorkspaceLength(in ConvolutionShape shape, int maximumBatch) =>
        WinogradWeightGradient<TTransform>.WorkspaceLength(shape, maximumBatch);

    /// <inheritdoc/>
    public override void BackwardWeights(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* dy, float* dw, float* workspace, bool accumulate) =>
        WinogradWeightGradient<TTransform>.Run(gang, shape, batch, x, dy, dw, workspace, accumulate);

    /// <summary>The convolution of the output gradient that gives the data gradient.</summary>
    private static ConvolutionShape Turned(in ConvolutionShape s) => new(
        s.OutputHeight, s.OutputWidth, s.OutputChannels, s.InputHeight, s.InputWidth, s.InputChannels,
        3, 3, 1, 1, 1, 1, 2 - s.PaddingTop, 2 - s.PaddingLeft, 1);
}
