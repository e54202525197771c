using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>x Phi(x), Phi being the distribution function of the normal distribution, in its exact form (Hendrycks and Gimpel, 2016).</summary>
public sealed record GELU : ActivationLayer
{
    internal override string NamePrefix => "gelu";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Activations.Gelu>(0);
}
