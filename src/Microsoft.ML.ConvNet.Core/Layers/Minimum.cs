using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The smallest of two or more inputs, element by element, broadcast to each other. Inputs that are equal share the gradient.
/// </summary>
public sealed record Minimum : BroadcastLayer
{
    internal override string NamePrefix => "min";

    internal override int MaximumInputs => int.MaxValue;

    internal override OpValue Lower(LoweringContext context) => Chain<SmallerOperator>(context);
}
