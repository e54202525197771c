using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// Pyramidal residual networks (Han, Kim and Kim, "Deep pyramidal residual networks", 2017), in the additive form: the channels grow by the
/// same amount from block to block, alpha in all, rather than double from stage to stage. A block is batch normalisation, convolution,
/// normalisation, rectifier, convolution and normalisation; shortcuts have no parameters: they average 2x2 where the size halves, and add
/// channels of zeros.
/// </summary>
public static class PyramidNet
{
    private const string Paper = "Han, Kim and Kim, \"Deep pyramidal residual networks\", 2017";
    private const int Expansion = 4;

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        OfCifar(110, 48, bottleneck: false),
        OfCifar(110, 84, bottleneck: false),
        OfCifar(110, 270, bottleneck: false),
        OfCifar(164, 270, bottleneck: true),
        OfCifar(272, 200, bottleneck: true),
        new(
            "pyramidnet200-a300",
            "PyramidNet-200 for ImageNet: 66 bottleneck blocks, 300 channels added",
            Origin.OfImageNet(Paper, 2016),
            Create200,
            TrainingRecipe.OfImageNet(learningRate: 0.05f, batchSize: 128, epochs: 120, weightDecay: 1e-4f))
        {
            MinimumInput = [17, 17, 3],
            ImageNetAccuracy = PublishedAccuracy.OfErrors(20.5, 5.3, "table 5, one crop of 224x224"),
        },
    ];

    /// <summary>
    /// A network for CIFAR: a convolution of 3x3 with 16 filters, and three stages on images of 32x32, 16x16 and 8x8. With 10 classes depth
    /// 110 and alpha 48 make 1,772,706 parameters, 84 3,904,446 and 270 28,485,477; with bottlenecks 164 and 270 make 27,216,021, 272 and
    /// 200 26,210,842. The paper's table 4 has 1.7, 3.8, 28.3, 27.0 and 26.0 million.
    /// </summary>
    /// <param name="depth">The number of convolutions: 6n + 2 with n blocks a stage, 9n + 2 with bottlenecks.</param>
    /// <param name="alpha">The channels that are added from the first block to the last.</param>
    /// <param name="bottleneck">
    /// Whether a block is a convolution of 1x1, one of 3x3 and one of 1x1 to four times the channels, rather than two of 3x3.
    /// </param>
    /// <param name="input">The images, <c>[H, W, C]</c>; 32x32x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as that its layers have.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth, alpha or the width is none that there is.</exception>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    public static Network CreateCifar(
        int depth, int alpha, bool bottleneck, Shape? input = null, int classes = 10, double width = 1)
    {
        int step = bottleneck ? 9 : 6;
        if (depth < step + 2 || (depth - 2) % step != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(depth), Invariant($"The depth of such a PyramidNet for CIFAR is {step}n + 2. Received: {depth}."));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(alpha);
        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [32, 32, 3]).ConvBatchNorm(widths.Of(16), 3, "conv1", "bn1", padding: 1);
        int blocks = (depth - 2) / step;
        return Stages(x, [blocks, blocks, blocks], 16, alpha, bottleneck, widths)
            .Classify(classes, "fc")
            .ToNetwork(Invariant($"pyramidnet{depth}-a{alpha}"));
    }

    /// <summary>
    /// PyramidNet-200 with alpha 300 for ImageNet: 62,368,168 parameters with images of 224x224x3 and 1000 classes; the
    /// paper's table 5 has 62.1 million.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create200(Shape? input = null, int classes = 1000, double width = 1)
    {
        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3])
            .ConvBatchNorm(widths.Of(64), 7, "conv1", "bn1", stride: 2, padding: 3).Relu()
            .MaxPool(3, stride: 2, padding: 1);
        return Stages(x, [3, 24, 36, 3], 64, alpha: 300, isBottleneck: true, widths)
            .Classify(classes, "fc")
            .ToNetwork("pyramidnet200-a300");
    }

    private static SymbolicTensor Stages(
        SymbolicTensor x, int[] blocks, int firstWidth, int alpha, bool isBottleneck, WidthMultiplier widths)
    {
        double growth = (double)alpha / blocks.Sum();
        double channels = firstWidth;
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            for (int i = 0; i < blocks[stage]; i++)
            {
                channels += growth;
                int rounded = widths.Of((int)Math.Round(channels));
                x = Block(x, rounded, isBottleneck, stride: stage > 0 && i == 0 ? 2 : 1, Invariant($"layer{stage + 1}.{i}"));
            }
        }

        return x.BatchNorm(name: "bn_last").Relu();
    }

    private static SymbolicTensor Block(SymbolicTensor x, int channels, bool isBottleneck, int stride, string name)
    {
        SymbolicTensor first = x.BatchNorm(name: $"{name}.bn1");
        SymbolicTensor residual = isBottleneck
            ? first
                .ConvBatchNorm(channels, 1, $"{name}.conv1", $"{name}.bn2").Relu()
                .ConvBatchNorm(channels, 3, $"{name}.conv2", $"{name}.bn3", stride, padding: 1).Relu()
                .ConvBatchNorm(Expansion * channels, 1, $"{name}.conv3", $"{name}.bn4")
            : first
                .ConvBatchNorm(channels, 3, $"{name}.conv1", $"{name}.bn2", stride, padding: 1).Relu()
                .ConvBatchNorm(channels, 3, $"{name}.conv2", $"{name}.bn3", padding: 1);
        SymbolicTensor shortcut = stride == 1 ? x : x.AvgPool(2, ceiling: true);
        return residual.Add(shortcut.WithChannelsOfZeros(0, residual.Shape.Channels - x.Shape.Channels));
    }

    private static Architecture OfCifar(int depth, int alpha, bool bottleneck)
    {
        return new Architecture(
            Invariant($"pyramidnet{depth}-a{alpha}"),
            Invariant($"PyramidNet-{depth} for CIFAR: {(depth - 2) / (bottleneck ? 3 : 2)} {(bottleneck ? "bottleneck " : string.Empty)}blocks, ")
                + Invariant($"{alpha} channels added"),
            Origin.OfCifar10(Paper, 2016),
            (input, classes, width) => CreateCifar(depth, alpha, bottleneck, input, classes, width),
            TrainingRecipe.OfCifar(learningRate: 0.1f, epochs: 300, weightDecay: 1e-4f))
        {
            MinimumInput = [3, 3, 3],
        };
    }
}
