using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>The natural logarithm; minus infinity at 0, NaN below.</summary>
public sealed record Log : ActivationLayer
{
    internal override string NamePrefix => "log";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Log>(0);
}
