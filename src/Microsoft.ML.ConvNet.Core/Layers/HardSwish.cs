using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>x max(0, min(1, x / 6 + 0.5)): SiLU with a hard sigmoid (Howard et al., "Searching for MobileNetV3", 2019).</summary>
public sealed record HardSwish : ActivationLayer
{
    internal override string NamePrefix => "hard_swish";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.HardSwish>(0);
}
