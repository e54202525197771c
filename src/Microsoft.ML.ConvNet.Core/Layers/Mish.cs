using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>x tanh(log(1 + exp(x))) (Misra, "Mish: a self regularized non-monotonic activation function", 2019).</summary>
public sealed record Mish : ActivationLayer
{
    internal override string NamePrefix => "mish";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Mish>(0);
}
