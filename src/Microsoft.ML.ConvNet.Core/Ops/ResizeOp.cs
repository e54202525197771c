using Microsoft.ML.ConvNet.Kernels.Layout;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>An image in another size.</summary>
/// <param name="Rows">The vertical axis.</param>
/// <param name="Columns">The horizontal axis.</param>
/// <param name="Channels">The channels.</param>
internal sealed unsafe record ResizeOp(ResizeAxis Rows, ResizeAxis Columns, int Channels) : Op
{
    /// <inheritdoc/>
    public override string Kind => "resizing";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override nint WorkspaceLength(int batch, bool training) => Resizing.WorkspaceLength(Rows, Columns);

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch) => Resizing.BackwardWorkspaceLength(Rows, Columns);

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        Resizing.Forward(
            execution.Gang,
            Rows,
            Columns,
            Channels,
            execution.Batch,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Output],
            execution.Buffers[binding.Workspace]);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        Resizing.Backward(
            execution.Gang,
            Rows,
            Columns,
            Channels,
            execution.Batch,
            execution.Buffers[binding.OutputGradient],
            execution.Buffers[binding.InputGradients[0]],
            binding.Accumulate[0],
            execution.Buffers[binding.BackwardWorkspace]);

    /// <inheritdoc/>
    public override string Describe() => Invariant($"to {Rows.Output}x{Columns.Output}, {(Rows.IsNearest ? "nearest" : "bilinear")}");
}
