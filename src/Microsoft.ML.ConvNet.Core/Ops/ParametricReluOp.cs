using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// y = x where x is above 0, else weight x, with a weight for each channel or, where <paramref name="IsShared"/>, one for all. Inputs:
/// x, weight.
/// </summary>
internal sealed unsafe record ParametricReluOp(Shape Shape, bool IsShared) : Op
{
    /// <inheritdoc/>
    public override string Kind => "parametric relu";

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch) => IsShared ? Shape.Channels : 0;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding)
    {
        float* x = execution.Buffers[binding.Inputs[0]];
        float* weight = execution.Buffers[binding.Inputs[1]];
        float* y = execution.Buffers[binding.Output];
        if (IsShared)
        {
            ElementwiseKernels.Activate<LeakyRelu>(execution.Gang, x, y, (nint)execution.Batch * Shape.ElementCount, *weight);
            return;
        }

        ParametricRelu.Forward(execution.Gang, Rows(execution.Batch), Shape.Channels, x, weight, y);
    }

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        float* dy = execution.Buffers[binding.OutputGradient];
        if (binding.InputGradients[1] >= 0)
        {
            BackwardWeight(execution, binding, dy);
        }

        if (binding.InputGradients[0] < 0)
        {
            return;
        }

        float* x = execution.Buffers[binding.Inputs[0]];
        float* weight = execution.Buffers[binding.Inputs[1]];
        float* dx = execution.Buffers[binding.InputGradients[0]];
        if (IsShared)
        {
            // With the argument for the value, since a negative weight turns the sign.
            ElementwiseKernels.ActivateBackward<LeakyRelu>(
                execution.Gang, x, dy, dx, (nint)execution.Batch * Shape.ElementCount, *weight, binding.Accumulate[0]);
            return;
        }

        ParametricRelu.BackwardData(
            execution.Gang, Rows(execution.Batch), Shape.Channels, x, dy, weight, dx, binding.Accumulate[0]);
    }

    private void BackwardWeight(in Execution execution, OpBinding binding, float* dy)
    {
        float* gradient = execution.Buffers[binding.InputGradients[1]];
        float* sums = IsShared ? execution.Buffers[binding.BackwardWorkspace] : gradient;
        ParametricRelu.BackwardWeight(
            execution.Gang,
            Rows(execution.Batch),
            Shape.Channels,
            execution.Buffers[binding.Inputs[0]],
            dy,
            sums,
            !IsShared && binding.Accumulate[1]);
        if (IsShared)
        {
            double sum = binding.Accumulate[1] ? *gradient : 0;
            for (int c = 0; c < Shape.Channels; c++)
            {
                sum += sums[c];
            }

            *gradient = (float)sum;
        }
    }

    private int Rows(int batch) => batch * (Shape.ElementCount / Shape.Channels);
}
