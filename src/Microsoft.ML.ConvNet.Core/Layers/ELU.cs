using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>x for x &gt; 0, else alpha (exp(x) - 1) (Clevert, Unterthiner and Hochreiter, 2016).</summary>
/// <param name="Alpha">What it tends to, negated, for negative arguments; at least 0.</param>
public sealed record ELU(float Alpha = 1f) : ActivationLayer
{
    internal override string NamePrefix => "elu";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Elu>(Alpha);

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"ELU, alpha {Alpha}");
}
