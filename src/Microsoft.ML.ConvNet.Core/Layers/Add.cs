using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The sum of two or more inputs of the same shape: the shortcut of residual networks (He, Zhang, Ren and Sun, 2016).</summary>
public sealed record Add : Layer
{
    internal override string NamePrefix => "add";

    internal override int MinimumInputs => 2;

    internal override int MaximumInputs => 1024;

    internal override Shape InferShape(LayerContext context) => context.Inputs.All(shape => shape == context.Input)
        ? context.Input
        : throw context.Error($"all inputs have the same shape. Received: {string.Join(", ", context.Inputs)}.");

    internal override OpValue Lower(LoweringContext context) => context.Emit(new AddOp(context.OutputShape));
}
