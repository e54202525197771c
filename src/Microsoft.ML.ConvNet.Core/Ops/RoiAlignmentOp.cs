using Microsoft.ML.ConvNet.Kernels.Regions;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>Samples between the pixels of the bins of boxes. Inputs: features, boxes; the boxes get zero for a gradient.</summary>
/// <param name="Geometry">The sizes.</param>
/// <param name="Samples">The samples along a side of a bin; 0 for one a pixel.</param>
/// <param name="Aligned">Whether boxes are shifted by half a pixel.</param>
/// <param name="IsMaximum">Whether the largest weighted neighbour is taken, else the mean of the samples.</param>
internal sealed unsafe record RoiAlignmentOp(RoiShape Geometry, int Samples, bool Aligned, bool IsMaximum) : Op
{
    /// <inheritdoc/>
    public override string Kind => "region alignment";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Inputs;

    /// <inheritdoc/>
    public override nint SavedLength(int batch) => IsMaximum ? batch * Geometry.OutputLength : 0;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) => Forward(execution, binding, null);

    /// <inheritdoc/>
    public override void ForwardTraining(in Execution execution, OpBinding binding) =>
        Forward(execution, binding, IsMaximum ? (int*)execution.Buffers[binding.Saved] : null);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        if (binding.InputGradients[0] >= 0)
        {
            RoiAlignment.Backward(
                execution.Gang,
                Geometry,
                Samples,
                Aligned,
                IsMaximum,
                execution.Batch,
                execution.Buffers[binding.Inputs[1]],
                execution.Buffers[binding.OutputGradient],
                IsMaximum ? (int*)execution.Buffers[binding.Saved] : null,
                execution.Buffers[binding.InputGradients[0]],
                binding.Accumulate[0]);
        }

        RoiPoolingOp.ClearBoxGradient(Geometry, execution, binding);
    }

    /// <inheritdoc/>
    public override string Describe() => Invariant($"to {Geometry.OutputHeight}x{Geometry.OutputWidth}, {(IsMaximum ? "maximum" : "mean")}");

    private void Forward(in Execution execution, OpBinding binding, int* indices) =>
        RoiAlignment.Forward(
            execution.Gang,
            Geometry,
            Samples,
            Aligned,
            IsMaximum,
            execution.Batch,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Inputs[1]],
            execution.Buffers[binding.Output],
            indices);
}
