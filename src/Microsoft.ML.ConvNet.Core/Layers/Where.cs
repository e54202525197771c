using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The second input where the first, a condition, is not 0, and the third where it is; element by element, broadcast to each other. The
/// gradient by the condition is 0. In a network it is written as <c>condition.Select(ifTrue, ifFalse)</c>.
/// </summary>
public sealed record Where : BroadcastLayer
{
    internal override string NamePrefix => "where";

    internal override int MinimumInputs => 3;

    internal override int MaximumInputs => 3;

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new SelectionOp(context.OutputShape, context.InputShapes[0], context.InputShapes[1], context.InputShapes[2]));
}
