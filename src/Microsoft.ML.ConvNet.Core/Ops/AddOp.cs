using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>y = the sum of the inputs, which have the same shape; each input's gradient is the output's.</summary>
internal sealed unsafe record AddOp(Shape Shape) : Op
{
    /// <inheritdoc/>
    public override string Kind => "add";

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override bool PassesGradient(int input) => true;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding)
    {
        nint count = (nint)execution.Batch * Shape.ElementCount;
        float* y = execution.Buffers[binding.Output];
        int[] inputs = binding.Inputs;
        ElementwiseKernels.Add(execution.Gang, execution.Buffers[inputs[0]], execution.Buffers[inputs[1]], y, count);
        for (int i = 2; i < inputs.Length; i++)
        {
            ElementwiseKernels.Accumulate(execution.Gang, execution.Buffers[inputs[i]], y, count);
        }
    }

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        nint count = (nint)execution.Batch * Shape.ElementCount;
        float* dy = execution.Buffers[binding.OutputGradient];
        for (int i = 0; i < binding.InputGradients.Length; i++)
        {
            if (binding.InputGradients[i] < 0 || binding.InputGradients[i] == binding.OutputGradient)
            {
                continue;
            }

            float* dx = execution.Buffers[binding.InputGradients[i]];
            if (binding.Accumulate[i])
            {
                ElementwiseKernels.Accumulate(execution.Gang, dy, dx, count);
            }
            else
            {
                ElementwiseKernels.Copy(execution.Gang, dy, dx, count);
            }
        }
    }
}
