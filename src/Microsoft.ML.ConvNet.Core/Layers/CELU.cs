using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>x for x &gt; 0, else alpha (exp(x / alpha) - 1), whose derivative has no step (Barron, "Continuously differentiable exponential linear units", 2017).</summary>
/// <param name="Alpha">What it tends to, negated, for negative arguments; over 0.</param>
public sealed record CELU(float Alpha = 1f) : ActivationLayer
{
    internal override string NamePrefix => "celu";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Celu>(Alpha);

    private protected override bool ParameterIsPositive => true;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"CELU, alpha {Alpha}");
}
