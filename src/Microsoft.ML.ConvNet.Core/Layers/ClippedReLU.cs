using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>min(max(x, 0), maximum); with 6 it is the ReLU6 of MobileNet (Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010).</summary>
/// <param name="Maximum">The greatest output, over 0.</param>
public sealed record ClippedReLU(float Maximum = 6f) : ActivationLayer
{
    internal override string NamePrefix => "clipped_relu";

    internal override ActivationFunction Function => new ActivationFunction<Kernels.Elementwise.Activations.ClippedRelu>(Maximum);

    private protected override bool ParameterIsPositive => true;

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"ClippedReLU, maximum {Maximum}");
}
