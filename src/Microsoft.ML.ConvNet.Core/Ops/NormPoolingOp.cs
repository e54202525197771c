using Microsoft.ML.ConvNet.Kernels.Pooling;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>y[n, i, j, c] = (sum over the window of |x[n, ., ., c]|^p)^(1/p).</summary>
/// <param name="Geometry">The windows.</param>
/// <param name="Exponent">The exponent p.</param>
internal sealed unsafe record NormPoolingOp(PoolingShape Geometry, int Exponent) : Op
{
    /// <inheritdoc/>
    public override string Kind => "norm pooling";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Inputs | BackwardReads.Output;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        NormPooling.Forward(
            execution.Gang,
            Geometry,
            Exponent,
            execution.Batch,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Output]);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        NormPooling.Backward(
            execution.Gang,
            Geometry,
            Exponent,
            execution.Batch,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Output],
            execution.Buffers[binding.OutputGradient],
            execution.Buffers[binding.InputGradients[0]],
            binding.Accumulate[0]);

    /// <inheritdoc/>
    public override string Describe() => Invariant($"{AveragePoolingOp.Describe(Geometry)} p {Exponent}");
}
