using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The hyperbolic tangent.</summary>
public sealed record Tanh : ActivationLayer
{
    internal override string NamePrefix => "tanh";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Tanh>(0);
}
