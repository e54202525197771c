using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>x Phi(x), Phi being the distribution function of the normal distribution (Hendrycks and Gimpel, 2016).</summary>
public sealed record GELU : ActivationLayer
{
    /// <summary>
    /// Whether Phi(x) is approximated by (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, as many published networks do; else it is exact.
    /// </summary>
    public bool Approximate { get; init; }

    internal override string NamePrefix => "gelu";

    internal override ActivationFunction Function => Approximate
        ? new ActivationFunction<Kernels.Elementwise.Activations.GeluApproximation>(0)
        : new ActivationFunction<Kernels.Elementwise.Activations.Gelu>(0);

    /// <inheritdoc/>
    public override string Describe() => Approximate ? "GELU, tanh approximation" : "GELU";
}
