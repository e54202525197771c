using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The product of two or more inputs, element by element, broadcast to each other: a gate <c>[1, 1, C]</c> scales the channels of an image
/// <c>[H, W, C]</c> (Hu, Shen and Sun, "Squeeze-and-excitation networks", 2018).
/// </summary>
public sealed record Multiply : BroadcastLayer
{
    internal override string NamePrefix => "mul";

    internal override int MaximumInputs => int.MaxValue;

    internal override OpValue Lower(LoweringContext context) => Chain<Multiplication>(context);
}
