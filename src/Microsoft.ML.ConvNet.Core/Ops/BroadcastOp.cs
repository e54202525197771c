using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// y = f(a, b), element by element, a and b repeated along the dimensions in which they have 1 element and y has more. Inputs: a, b, each
/// an activation or a parameter.
/// </summary>
/// <param name="Shape">The shape of y.</param>
/// <param name="First">The shape of a.</param>
/// <param name="Second">The shape of b.</param>
/// <param name="Shared">The inputs that are parameters, as bits.</param>
internal sealed unsafe record BroadcastOp<TOperator>(Shape Shape, Shape First, Shape Second, uint Shared = 0) : Op, IConstantReader
    where TOperator : struct, IBroadcastOperator
{
    private readonly StridedShape _loops = StridedShape.Broadcast(Shape, First, Second);

    /// <inheritdoc/>
    public override string Kind => TOperator.Name;

    /// <inheritdoc/>
    public override bool CanRunInPlace => IsFull(0);

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => TOperator.GradientReadsInputs ? BackwardReads.Inputs : BackwardReads.None;

    /// <inheritdoc/>
    public bool CanReadParameter(int input) => true;

    /// <inheritdoc/>
    public Shape ParameterShape(int input) => input == 0 ? First : Second;

    /// <inheritdoc/>
    public Op WithParameter(int input) => this with { Shared = Shared | (1u << input) };

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding)
    {
        float** buffers = execution.Buffers;
        ElementMap.Run<OperatorTerm<TOperator>>(
            execution.Gang,
            _loops.ForBatch(execution.Batch, Shared),
            buffers[binding.Output],
            new Operand(buffers[binding.Inputs[0]], 0),
            new Operand(buffers[binding.Inputs[1]], 1),
            default,
            0,
            accumulate: false);
    }

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        if (!TOperator.HasGradient)
        {
            OperandGradient.WriteZeros(execution, binding, 0, CountOf(execution, 0));
            OperandGradient.WriteZeros(execution, binding, 1, CountOf(execution, 1));
            return;
        }

        StridedShape loops = _loops.ForBatch(execution.Batch, Shared);
        Operand dy = new(execution.Buffers[binding.OutputGradient], StridedShape.Full);
        Operand a = new(execution.Buffers[binding.Inputs[0]], 0);
        Operand b = new(execution.Buffers[binding.Inputs[1]], 1);
        if (binding.InputGradients[0] >= 0)
        {
            OperandGradient.Write<FirstGradientTerm<TOperator>>(execution, binding, 0, loops, IsFull(0), dy, a, b);
        }

        if (binding.InputGradients[1] >= 0)
        {
            OperandGradient.Write<SecondGradientTerm<TOperator>>(execution, binding, 1, loops, IsFull(1), dy, a, b);
        }
    }

    /// <inheritdoc/>
    public override string Describe() =>
        First == Second ? $"{Kind}{Constants}" : $"{First} and {Second}{Constants}";

    private string Constants => Shared == 0 ? string.Empty : " with a constant";

    private bool IsFull(int input) => _loops.IsFull(input) && (Shared & (1u << input)) == 0;

    private nint CountOf(in Execution execution, int input) =>
        (nint)(input == 0 ? First : Second).ElementCount * ((Shared & (1u << input)) != 0 ? 1 : execution.Batch);
}
