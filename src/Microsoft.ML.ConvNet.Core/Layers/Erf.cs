using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The error function erf(x), of which the Gaussian error linear unit is made: x / 2 (1 + erf(x / sqrt 2)).</summary>
public sealed record Erf : ActivationLayer
{
    internal override string NamePrefix => "erf";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Erf>(0);
}
