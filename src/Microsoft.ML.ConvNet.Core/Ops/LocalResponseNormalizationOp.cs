using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>y = x / (k + alpha / size * sum of x^2)^beta, the sum over neighbouring channels.</summary>
internal sealed unsafe record LocalResponseNormalizationOp(Shape Shape, int Size, float Alpha, float Beta, float K) : Op
{
    /// <inheritdoc/>
    public override string Kind => "local response normalization";

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override nint WorkspaceLength(int batch, bool training) =>
        LocalResponseNormalization.WorkspaceLength(Rows(batch), Shape.Channels, Size);

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch) =>
        LocalResponseNormalization.BackwardWorkspaceLength(Rows(batch), Shape.Channels, Size);

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        LocalResponseNormalization.Forward(
            execution.Gang,
            Rows(execution.Batch),
            Shape.Channels,
            new LocalResponse(Size, Alpha, Beta, K),
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Output],
            execution.Buffers[binding.Workspace]);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        LocalResponseNormalization.Backward(
            execution.Gang,
            Rows(execution.Batch),
            Shape.Channels,
            new LocalResponse(Size, Alpha, Beta, K),
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.OutputGradient],
            execution.Buffers[binding.InputGradients[0]],
            binding.Accumulate[0],
            execution.Buffers[binding.BackwardWorkspace]);

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"{Size} channels, alpha {Alpha}, beta {Beta}, k {K}");

    private int Rows(int batch) => batch * (Shape.ElementCount / Shape.Channels);
}
