using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>x for x &gt; alpha, else 0 (Konda, Memisevic and Krueger, "Zero-bias autoencoders and the benefits of co-adapting features", 2015).</summary>
/// <param name="Alpha">The least argument that passes, itself excluded; at least 0.</param>
public sealed record ThresholdedReLU(float Alpha = 1f) : ActivationLayer
{
    internal override string NamePrefix => "thresholded_relu";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.ThresholdedRelu>(Alpha);

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"ThresholdedReLU, alpha {Alpha}");
}
