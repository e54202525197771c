using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The rectifier max(0, x) (Nair and Hinton, 2010).</summary>
public sealed record ReLU : ActivationLayer
{
    internal override string NamePrefix => "relu";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Relu>(0);
}
