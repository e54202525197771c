using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The first input divided by the second, element by element, broadcast to each other.</summary>
public sealed record Divide : BroadcastLayer
{
    internal override string NamePrefix => "div";

    internal override OpValue Lower(LoweringContext context) => Chain<Division>(context);
}
