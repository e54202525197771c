using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The square root; NaN below 0. Its derivative at 0 is infinity.</summary>
public sealed record Sqrt : ActivationLayer
{
    internal override string NamePrefix => "sqrt";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Sqrt>(0);
}
