using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Numbers that do not depend on the network's input: the same tensor for every sample. No inputs; output <c>Shape</c>; parameter value of
/// that shape, which begins with zeros.
/// </summary>
/// <param name="Shape">The shape, without the batch.</param>
public sealed record Constant(Shape Shape) : Layer
{
    /// <summary>Whether training changes the numbers.</summary>
    public bool IsTrainable { get; init; }

    internal override string NamePrefix => "const";

    internal override int MinimumInputs => 0;

    internal override int MaximumInputs => 0;

    /// <inheritdoc/>
    public override string Describe() => $"Constant {Shape}{(IsTrainable ? ", trainable" : string.Empty)}";

    internal override Shape InferShape(LayerContext context) => AxisRule.RequireRank(context, Shape);

    internal override IReadOnlyList<LayerParameter> Parameters(IReadOnlyList<Shape> inputs) =>
        [new LayerParameter("value", Shape, Initialization.Zeros) { IsTrainable = IsTrainable }];

    internal override OpValue Lower(LoweringContext context) => context.Emit(new ExpansionOp(Shape, Shape, IsConstant: true));
}
