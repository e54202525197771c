using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Every element times a fixed number, as for the branches of Inception-ResNet (Szegedy et al., 2017) and the means of FractalNet (Larsson
/// et al., 2017).
/// </summary>
/// <param name="Factor">The number, at least 0.</param>
public sealed record Scale(float Factor = 1f) : ActivationLayer
{
    internal override string NamePrefix => "scale";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Scale>(Factor);

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"Scale, factor {Factor}");
}
