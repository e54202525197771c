using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// A fully connected layer: y = x W + b. Input <c>[F]</c>; output <c>[Units]</c>; parameters weight <c>[F, Units]</c> and bias
/// <c>[Units]</c>.
/// </summary>
/// <param name="Units">The number of outputs.</param>
public sealed record Dense(int Units) : Layer
{
    /// <summary>Whether a bias is added to each output.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>What the weights hold before training.</summary>
    public Initialization Initialization { get; init; } = Initialization.HeNormal;

    internal override string NamePrefix => "fc";

    /// <inheritdoc/>
    public override string Describe() => UseBias ? Invariant($"Dense {Units}") : Invariant($"Dense {Units}, no bias");

    internal override Shape InferShape(LayerContext context)
    {
        context.RequirePositive(Units, "the number of units");
        if (context.Input.Rank != 1)
        {
            throw context.Error($"takes a vector [F]. Received: {context.Input}; put Flatten or GlobalAvgPool before it.");
        }

        return [Units];
    }

    internal override IReadOnlyList<LayerParameter> Parameters(IReadOnlyList<Shape> inputs)
    {
        int count = inputs[0].ElementCount;
        LayerParameter weight = new("weight", [count, Units], Initialization) { Decays = true, FanIn = count, FanOut = Units };
        return UseBias ? [weight, new LayerParameter("bias", [Units], Initialization.Zeros)] : [weight];
    }

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new DenseOp(context.InputShapes[0].ElementCount, Units, UseBias));
}
