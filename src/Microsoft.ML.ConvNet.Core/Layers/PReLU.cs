using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// x for x &gt; 0, else weight x, with a trained weight for each channel (He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015).
/// Input of any shape, <c>[..., C]</c>; output the same; parameter weight <c>[C]</c>, or <c>[1]</c> where shared, which begins with 0.25.
/// </summary>
public sealed record PReLU : Layer
{
    private const float FirstWeight = 0.25f;

    /// <summary>Whether all channels have the same weight.</summary>
    public bool Shared { get; init; }

    internal override string NamePrefix => "prelu";

    /// <inheritdoc/>
    public override string Describe() => Shared ? "PReLU, one weight" : "PReLU";

    internal override Shape InferShape(LayerContext context) => context.Input;

    internal override IReadOnlyList<LayerParameter> Parameters(IReadOnlyList<Shape> inputs) =>
        [new LayerParameter("weight", [Shared ? 1 : inputs[0].Channels], Initialization.Ones) { Scale = FirstWeight }];

    internal override OpValue Lower(LoweringContext context) => context.Emit(new ParametricReluOp(context.OutputShape, Shared));
}
