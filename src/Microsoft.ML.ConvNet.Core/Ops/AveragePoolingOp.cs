using Microsoft.ML.ConvNet.Kernels.Pooling;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>y[n, i, j, c] = mean over the window of x[n, ., ., c].</summary>
internal sealed unsafe record AveragePoolingOp(PoolingShape Geometry) : Op
{
    /// <inheritdoc/>
    public override string Kind => "average pooling";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        AveragePooling.Forward(
            execution.Gang, Geometry, execution.Batch, execution.Buffers[binding.Inputs[0]], execution.Buffers[binding.Output]);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        AveragePooling.Backward(
            execution.Gang,
            Geometry,
            execution.Batch,
            execution.Buffers[binding.OutputGradient],
            execution.Buffers[binding.InputGradients[0]],
            binding.Accumulate[0]);

    /// <inheritdoc/>
    public override string Describe() => Describe(Geometry);

    /// <summary>The window, for a printed plan.</summary>
    internal static string Describe(PoolingShape geometry) => geometry.Adaptive
        ? Invariant($"to {geometry.OutputHeight}x{geometry.OutputWidth}")
        : Invariant($"{geometry.KernelHeight}x{geometry.KernelWidth} stride {geometry.StrideHeight}x{geometry.StrideWidth}");
}
