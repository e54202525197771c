using Microsoft.ML.ConvNet.Kernels.Pooling;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// y[n, i, j, c] = max over the window of x[n, ., ., c]; the gradient goes to the first element that has the maximum.
/// ReLU may be applied to it.
/// </summary>
/// <param name="Geometry">The windows.</param>
/// <param name="Rectifies">Whether ReLU is applied to the maxima.</param>
internal sealed unsafe record MaxPoolingOp(PoolingShape Geometry, bool Rectifies = false) : Op
{
    /// <inheritdoc/>
    public override string Kind => "max pooling";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override nint SavedLength(int batch) => (nint)batch * Geometry.OutputHeight * Geometry.OutputWidth * Geometry.Channels;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        MaxPooling.Forward(
            execution.Gang,
            Geometry,
            execution.Batch,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Output],
            Rectifies);

    /// <inheritdoc/>
    public override void ForwardTraining(in Execution execution, OpBinding binding) =>
        MaxPooling.ForwardWithIndices(
            execution.Gang,
            Geometry,
            execution.Batch,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Output],
            (int*)execution.Buffers[binding.Saved],
            Rectifies);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        MaxPooling.Backward(
            execution.Gang,
            Geometry,
            execution.Batch,
            execution.Buffers[binding.OutputGradient],
            (int*)execution.Buffers[binding.Saved],
            execution.Buffers[binding.InputGradients[0]],
            binding.Accumulate[0]);

    /// <inheritdoc/>
    public override string Describe() => AveragePoolingOp.Describe(Geometry) + (Rectifies ? " + Relu" : string.Empty);
}
