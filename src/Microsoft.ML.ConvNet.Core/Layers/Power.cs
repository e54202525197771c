using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The first input to the power of the second, element by element, broadcast to each other. Where the first is negative and the second no
/// whole number the result is NaN; the gradient by the second is that of positive numbers, and 0 at 0.
/// </summary>
public sealed record Power : BroadcastLayer
{
    internal override string NamePrefix => "pow";

    internal override OpValue Lower(LoweringContext context) => Chain<PowerOperator>(context);
}
