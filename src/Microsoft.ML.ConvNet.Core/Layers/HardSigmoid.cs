using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>max(0, min(1, alpha x + 0.5)): the logistic function in three straight pieces (Courbariaux, Bengio and David, "BinaryConnect", 2015).</summary>
/// <param name="Alpha">The slope of the piece in the middle, at least 0.</param>
public sealed record HardSigmoid(float Alpha = 1f / 6f) : ActivationLayer
{
    internal override string NamePrefix => "hard_sigmoid";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.HardSigmoid>(Alpha);

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"HardSigmoid, alpha {Alpha}");
}
