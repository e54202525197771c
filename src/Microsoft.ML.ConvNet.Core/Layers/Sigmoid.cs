using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The logistic function 1 / (1 + exp(-x)).</summary>
public sealed record Sigmoid : ActivationLayer
{
    internal override string NamePrefix => "sigmoid";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Sigmoid>(0);
}
