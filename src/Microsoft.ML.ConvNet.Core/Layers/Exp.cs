using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>exp(x).</summary>
public sealed record Exp : ActivationLayer
{
    internal override string NamePrefix => "exp";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Exp>(0);
}
