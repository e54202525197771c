using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The sum of two or more inputs, element by element, broadcast to each other: the shortcut of residual networks (He, Zhang, Ren and Sun,
/// 2016).
/// </summary>
public sealed record Add : BroadcastLayer
{
    internal override string NamePrefix => "add";

    internal override int MaximumInputs => int.MaxValue;

    internal override OpValue Lower(LoweringContext context) => context.InputShapes.All(shape => shape == context.OutputShape)
        ? context.Emit(new AddOp(context.OutputShape))
        : Chain<Addition>(context);
}
