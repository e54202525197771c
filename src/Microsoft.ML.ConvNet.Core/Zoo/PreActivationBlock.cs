using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// A residual block with normalisation and rectifier before each convolution (He, Zhang, Ren and Sun, 2016): F(x) + x, with nothing behind
/// the addition. Where F changes the shape, a convolution of 1x1 takes the first rectifier's output in place of x.
/// </summary>
internal static class PreActivationBlock
{
    private const int Expansion = 4;

    /// <summary>Two convolutions of 3x3.</summary>
    public static SymbolicTensor Basic(SymbolicTensor x, int channels, int stride, string name, float dropout = 0, bool activated = false)
    {
        SymbolicTensor first = activated ? x : x.BatchNorm(name: $"{name}.bn1").Relu();
        SymbolicTensor between = first
            .ConvBatchNorm(channels, 3, $"{name}.conv1", $"{name}.bn2", stride, padding: 1).Relu();
        SymbolicTensor residual = (dropout > 0 ? between.Dropout(dropout) : between)
            .Conv(channels, 3, padding: 1, useBias: false, name: $"{name}.conv2");
        return residual.Add(Shortcut(x, first, residual, stride, name));
    }

    /// <summary>A convolution of 1x1, one of 3x3, and one of 1x1 with four times the channels.</summary>
    public static SymbolicTensor Bottleneck(SymbolicTensor x, int channels, int stride, string name, bool activated = false)
    {
        SymbolicTensor first = activated ? x : x.BatchNorm(name: $"{name}.bn1").Relu();
        SymbolicTensor residual = first
            .ConvBatchNorm(channels, 1, $"{name}.conv1", $"{name}.bn2").Relu()
            .ConvBatchNorm(channels, 3, $"{name}.conv2", $"{name}.bn3", stride, padding: 1).Relu()
            .Conv(Expansion * channels, 1, useBias: false, name: $"{name}.conv3");
        return residual.Add(Shortcut(x, first, residual, stride, name));
    }

    private static SymbolicTensor Shortcut(SymbolicTensor x, SymbolicTensor first, SymbolicTensor residual, int stride, string name) =>
        residual.Shape == x.Shape
            ? x
            : first.Conv(residual.Shape.Channels, 1, stride, useBias: false, name: $"{name}.downsample");
}
