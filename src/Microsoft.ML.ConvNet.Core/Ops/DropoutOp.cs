using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// In training each element is dropped with probability <paramref name="Rate"/>, and those kept are divided by 1 - rate; in inference
/// nothing happens. The choice is a function of seed, layer, epoch, sample and element.
/// </summary>
internal sealed unsafe record DropoutOp(Shape Shape, float Rate, uint Layer) : Op
{
    /// <inheritdoc/>
    public override string Kind => "dropout";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override bool IsIdentityInInference => true;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding)
    {
        if (binding.Inputs[0] != binding.Output)
        {
            ElementwiseKernels.Copy(
                execution.Gang,
                execution.Buffers[binding.Inputs[0]],
                execution.Buffers[binding.Output],
                (nint)execution.Batch * Shape.ElementCount);
        }
    }

    /// <inheritdoc/>
    public override void ForwardTraining(in Execution execution, OpBinding binding) =>
        Dropout.Forward(
            execution.Gang,
            execution.Batch,
            Shape.ElementCount,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Output],
            Rate,
            execution.Seed,
            Layer,
            execution.Epoch,
            execution.SampleIds);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        Dropout.Backward(
            execution.Gang,
            execution.Batch,
            Shape.ElementCount,
            execution.Buffers[binding.OutputGradient],
            execution.Buffers[binding.InputGradients[0]],
            Rate,
            execution.Seed,
            Layer,
            execution.Epoch,
            execution.SampleIds,
            binding.Accumulate[0]);

    /// <inheritdoc/>
    public override string Describe() => Invariant($"rate {Rate}");
}
