using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// y = a where the condition is not 0, else b, each repeated along the dimensions in which it has 1 element and y has more. Inputs: the
/// condition, a, b, each an activation or a parameter. The gradient of the condition is 0.
/// </summary>
/// <param name="Shape">The shape of y.</param>
/// <param name="Condition">The shape of the condition.</param>
/// <param name="First">The shape of a.</param>
/// <param name="Second">The shape of b.</param>
/// <param name="Shared">The inputs that are parameters, as bits.</param>
internal sealed unsafe record SelectionOp(Shape Shape, Shape Condition, Shape First, Shape Second, uint Shared = 0) : Op, IConstantReader
{
    private readonly StridedShape _loops = StridedShape.Broadcast(Shape, Condition, First, Second);

    /// <inheritdoc/>
    public override string Kind => "select";

    /// <inheritdoc/>
    public bool CanReadParameter(int input) => true;

    /// <inheritdoc/>
    public Shape ParameterShape(int input) => input == 0 ? Condition : input == 1 ? First : Second;

    /// <inheritdoc/>
    public Op WithParameter(int input) => this with { Shared = Shared | (1u << input) };

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding)
    {
        float** buffers = execution.Buffers;
        ElementMap.Run<SelectionTerm>(
            execution.Gang,
            _loops.ForBatch(execution.Batch, Shared),
            buffers[binding.Output],
            new Operand(buffers[binding.Inputs[0]], 0),
            new Operand(buffers[binding.Inputs[1]], 1),
            new Operand(buffers[binding.Inputs[2]], 2),
            0,
            accumulate: false);
    }

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        StridedShape loops = _loops.ForBatch(execution.Batch, Shared);
        Operand dy = new(execution.Buffers[binding.OutputGradient], StridedShape.Full);
        Operand condition = new(execution.Buffers[binding.Inputs[0]], 0);
        OperandGradient.WriteZeros(execution, binding, 0, (nint)Condition.ElementCount * (IsShared(0) ? 1 : execution.Batch));
        if (binding.InputGradients[1] >= 0)
        {
            OperandGradient.Write<WhereTrueTerm>(execution, binding, 1, loops, IsFull(1), dy, condition, default);
        }

        if (binding.InputGradients[2] >= 0)
        {
            OperandGradient.Write<WhereFalseTerm>(execution, binding, 2, loops, IsFull(2), dy, condition, default);
        }
    }

    private bool IsShared(int input) => (Shared & (1u << input)) != 0;

    private bool IsFull(int input) => _loops.IsFull(input) && !IsShared(input);
}
