using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// A residual block (He, Zhang, Ren and Sun, 2016): relu(F(x) + x), where x goes through a convolution of 1x1 if F changes the shape. F is
/// two convolutions of 3x3, or a bottleneck: a convolution of 1x1 that reduces the channels, one of 3x3, and one of 1x1 that restores them
/// fourfold.
/// </summary>
internal sealed class ResidualBlock
{
    private const int Expansion = 4;
    private const int PublishedWidth = 64;

    /// <summary>Whether F is a bottleneck.</summary>
    public required bool IsBottleneck { get; init; }

    /// <summary>The groups of the bottleneck's 3x3 (Xie et al., 2017).</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The channels of a group in the first stage, or of the bottleneck where there is one group.</summary>
    public int GroupWidth { get; init; } = PublishedWidth;

    /// <summary>Applies the block.</summary>
    /// <param name="x">Its input.</param>
    /// <param name="widths">How many times as many channels as published it has.</param>
    /// <param name="width">The published number of channels, a quarter of the output's for a bottleneck.</param>
    /// <param name="stride">The stride, on a 3x3.</param>
    /// <param name="name">The beginning of the layers' names.</param>
    public SymbolicTensor Apply(SymbolicTensor x, WidthMultiplier widths, int width, int stride, string name)
    {
        SymbolicTensor residual = IsBottleneck ? Bottleneck(x, widths, width, stride, name) : Basic(x, widths, width, stride, name);
        SymbolicTensor shortcut = residual.Shape == x.Shape
            ? x
            : x.ConvBatchNorm(residual.Shape.Channels, 1, $"{name}.downsample.0", $"{name}.downsample.1", stride);
        return residual.Add(shortcut).Relu();
    }

    private static SymbolicTensor Basic(SymbolicTensor x, WidthMultiplier widths, int width, int stride, string name) => x
        .ConvBatchNorm(widths.Of(width), 3, $"{name}.conv1", $"{name}.bn1", stride, padding: 1).Relu()
        .ConvBatchNorm(widths.Of(width), 3, $"{name}.conv2", $"{name}.bn2", padding: 1);

    private SymbolicTensor Bottleneck(SymbolicTensor x, WidthMultiplier widths, int width, int stride, string name)
    {
        int inner = widths.Of(GroupWidth * width / PublishedWidth) * Groups;
        return x
            .ConvBatchNorm(inner, 1, $"{name}.conv1", $"{name}.bn1").Relu()
            .ConvBatchNorm(inner, 3, $"{name}.conv2", $"{name}.bn2", stride, padding: 1, Groups).Relu()
            .ConvBatchNorm(Expansion * widths.Of(width), 1, $"{name}.conv3", $"{name}.bn3");
    }
}
