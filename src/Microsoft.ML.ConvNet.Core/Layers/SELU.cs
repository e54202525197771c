using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// lambda x for x &gt; 0, else lambda alpha (exp(x) - 1), with lambda = 1.0507009873554805 and alpha = 1.6732632423543772, which keep
/// mean 0 and variance 1 from layer to layer (Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks", 2017).
/// </summary>
public sealed record SELU : ActivationLayer
{
    internal override string NamePrefix => "selu";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Selu>(0);
}
