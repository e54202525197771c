using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>y = f(x), element by element.</summary>
internal sealed unsafe record ActivationOp(ActivationFunction Function, Shape Shape) : Op
{
    /// <inheritdoc/>
    public override string Kind => "activation";

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => Function.DerivativeFromOutput ? BackwardReads.Output : BackwardReads.Inputs;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        Function.Forward(
            execution.Gang,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Output],
            (nint)execution.Batch * Shape.ElementCount);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        Function.Backward(
            execution.Gang,
            execution.Buffers[Function.DerivativeFromOutput ? binding.Output : binding.Inputs[0]],
            execution.Buffers[binding.OutputGradient],
            execution.Buffers[binding.InputGradients[0]],
            (nint)execution.Batch * Shape.ElementCount,
            binding.Accumulate[0]);

    /// <inheritdoc/>
    public override string Describe() => Function.Name;
}
