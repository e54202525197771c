using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>log(1 + exp(x)) (Dugas et al., 2001).</summary>
public sealed record Softplus : ActivationLayer
{
    internal override string NamePrefix => "softplus";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Softplus>(0);
}
