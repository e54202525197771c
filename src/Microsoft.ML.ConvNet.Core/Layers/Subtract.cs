using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The first input less the second, element by element, broadcast to each other.</summary>
public sealed record Subtract : BroadcastLayer
{
    internal override string NamePrefix => "sub";

    internal override OpValue Lower(LoweringContext context) => Chain<Subtraction>(context);
}
