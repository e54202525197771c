using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>1 / x.</summary>
public sealed record Reciprocal : ActivationLayer
{
    internal override string NamePrefix => "reciprocal";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Reciprocal>(0);
}
