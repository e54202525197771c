using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// The residual networks for CIFAR of He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016, section 4.2: a
/// convolution of 3x3 with 16 filters, and three stages of blocks of two 3x3 convolutions with 16, 32 and 64 channels, on images of 32x32,
/// 16x16 and 8x8. Shortcuts have no parameters: where the shape changes they take every other row and column and add channels of zeros, the
/// paper's option A.
/// </summary>
public static class CifarResNet
{
    private static readonly int[] StageWidths = [16, 32, 64];

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } = [.. new[] { 20, 32, 44, 56, 110 }.Select(Of)];

    /// <summary>
    /// Builds it. With images of 32x32x3 and 10 classes 20 layers have 0.27 million parameters, 32 0.46, 44 0.66, 56 0.85 and 110 1.7
    /// million, the paper's table 6.
    /// </summary>
    /// <param name="depth">The number of layers with weights, 6n + 2 with n blocks a stage: 20, 32, 44, 56, 110, 1202...</param>
    /// <param name="input">The images, <c>[H, W, C]</c>; 32x32x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth or the width is none that there is.</exception>
    /// <exception cref="NetworkDefinitionException">There is no class.</exception>
    public static Network Create(int depth, Shape? input = null, int classes = 10, double width = 1)
    {
        if (depth < 8 || (depth - 2) % 6 != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(depth), Invariant($"The depth of a residual network for CIFAR is 6n + 2, such as 20, 56 or 110. Received: {depth}."));
        }

        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [32, 32, 3]).ConvBatchNorm(widths.Of(16), 3, "conv1", "bn1", padding: 1).Relu();
        for (int stage = 0; stage < StageWidths.Length; stage++)
        {
            for (int i = 0; i < (depth - 2) / 6; i++)
            {
                x = Block(x, widths.Of(StageWidths[stage]), stride: stage > 0 && i == 0 ? 2 : 1, Invariant($"layer{stage + 1}.{i}"));
            }
        }

        return x.Classify(classes, "fc").ToNetwork(Invariant($"resnet{depth}"));
    }

    private static SymbolicTensor Block(SymbolicTensor x, int channels, int stride, string name)
    {
        SymbolicTensor residual = x
            .ConvBatchNorm(channels, 3, $"{name}.conv1", $"{name}.bn1", stride, padding: 1).Relu()
            .ConvBatchNorm(channels, 3, $"{name}.conv2", $"{name}.bn2", padding: 1);

        // Windows of one element: every other row and column.
        SymbolicTensor shortcut = stride == 1 ? x : x.MaxPool(1, stride);
        int missing = channels - shortcut.Shape.Channels;
        return residual.Add(shortcut.WithChannelsOfZeros(missing / 2, missing - (missing / 2))).Relu();
    }

    private static Architecture Of(int depth)
    {
        return new Architecture(
            Invariant($"resnet{depth}"),
            Invariant($"ResNet-{depth} for CIFAR: {(depth - 2) / 2} residual blocks of two convolutions"),
            Origin.OfCifar10("He, Zhang, Ren and Sun, \"Deep residual learning for image recognition\", 2016", 2015),
            (input, classes, width) => Create(depth, input, classes, width),
            TrainingRecipe.OfCifar(learningRate: 0.1f, epochs: 164, weightDecay: 1e-4f))
        {
            MinimumInput = [1, 1, 3],
        };
    }
}
