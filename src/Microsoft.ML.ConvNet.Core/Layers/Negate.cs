using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>-x.</summary>
public sealed record Negate : ActivationLayer
{
    internal override string NamePrefix => "negate";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Negate>(0);
}
