using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>x / (1 + |x|) (Bergstra, Desjardins, Lamblin and Bengio, 2009).</summary>
public sealed record Softsign : ActivationLayer
{
    internal override string NamePrefix => "softsign";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.Softsign>(0);
}
