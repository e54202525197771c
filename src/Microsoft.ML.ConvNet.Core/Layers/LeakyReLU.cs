using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>x for x &gt; 0, else slope x (Maas, Hannun and Ng, 2013).</summary>
/// <param name="Slope">The slope for negative arguments, at least 0.</param>
public sealed record LeakyReLU(float Slope = 0.01f) : ActivationLayer
{
    internal override string NamePrefix => "leaky_relu";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.LeakyRelu>(Slope);

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"LeakyReLU, slope {Slope}");
}
