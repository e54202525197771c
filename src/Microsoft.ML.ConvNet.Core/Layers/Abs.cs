using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>|x|, with derivative 0 at 0.</summary>
public sealed record Abs : ActivationLayer
{
    internal override string NamePrefix => "abs";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Abs>(0);
}
