using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The largest of two or more inputs, element by element, broadcast to each other (maxout: Goodfellow et al., 2013). Inputs that are equal
/// share the gradient.
/// </summary>
public sealed record Maximum : BroadcastLayer
{
    internal override string NamePrefix => "max";

    internal override int MaximumInputs => int.MaxValue;

    internal override OpValue Lower(LoweringContext context) => Chain<LargerOperator>(context);
}
