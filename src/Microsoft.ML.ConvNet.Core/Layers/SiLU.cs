using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>x / (1 + exp(-x)), also called swish (Elfwing, Uchibe and Doya, 2017).</summary>
public sealed record SiLU : ActivationLayer
{
    internal override string NamePrefix => "silu";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Silu>(0);
}
