using Microsoft.ML.ConvNet.Kernels.Regions;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>The maxima of the bins of boxes. Inputs: features, boxes; the boxes get zero for a gradient.</summary>
internal sealed unsafe record RoiPoolingOp(RoiShape Geometry) : Op
{
    /// <inheritdoc/>
    public override string Kind => "region pooling";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override nint SavedLength(int batch) => batch * Geometry.OutputLength;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) => Forward(execution, binding, null);

    /// <inheritdoc/>
    public override void ForwardTraining(in Execution execution, OpBinding binding) =>
        Forward(execution, binding, (int*)execution.Buffers[binding.Saved]);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        if (binding.InputGradients[0] >= 0)
        {
            RoiPooling.Backward(
                execution.Gang,
                Geometry,
                execution.Batch,
                execution.Buffers[binding.OutputGradient],
                (int*)execution.Buffers[binding.Saved],
                execution.Buffers[binding.InputGradients[0]],
                binding.Accumulate[0]);
        }

        ClearBoxGradient(Geometry, execution, binding);
    }

    /// <inheritdoc/>
    public override string Describe() => Invariant($"to {Geometry.OutputHeight}x{Geometry.OutputWidth}");

    /// <summary>The gradient of the boxes, where one is asked for: zero.</summary>
    internal static void ClearBoxGradient(in RoiShape shape, in Execution execution, OpBinding binding)
    {
        if (binding.InputGradients[1] >= 0 && !binding.Accumulate[1])
        {
            new Span<float>(execution.Buffers[binding.InputGradients[1]], execution.Batch * shape.Boxes * 4).Clear();
        }
    }

    private void Forward(in Execution execution, OpBinding binding, int* indices) =>
        RoiPooling.Forward(
            execution.Gang,
            Geometry,
            execution.Batch,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Inputs[1]],
            execution.Buffers[binding.Output],
            indices);
}
