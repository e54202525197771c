using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// Wide residual networks (Zagoruyko and Komodakis, "Wide residual networks", 2016): fewer blocks than a <see cref="ResNet"/> with several
/// times the channels. For CIFAR three stages of pre-activation blocks of two 3x3 convolutions with 16k, 32k and 64k channels, on images of
/// 32x32, 16x16 and 8x8; for ImageNet ResNets whose bottlenecks are twice as wide inside.
/// </summary>
public static class WideResNet
{
    private const string Paper = "Zagoruyko and Komodakis, \"Wide residual networks\", 2016";

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        OfCifar("wrn16-8", "Wide ResNet-16-8 for CIFAR: 6 pre-activation blocks, 8 times as wide", 16, 8),
        OfCifar("wrn28-10", "Wide ResNet-28-10 for CIFAR: 12 pre-activation blocks, 10 times as wide", 28, 10),
        OfCifar("wrn40-4", "Wide ResNet-40-4 for CIFAR: 18 pre-activation blocks, 4 times as wide", 40, 4),
        OfImageNet(
            "wide-resnet50-2",
            "Wide ResNet-50-2: ResNet-50 with bottlenecks twice as wide inside",
            Create50,
            PublishedAccuracy.OfErrors(21.9, 5.79, "table 8, one crop")),
        OfImageNet(
            "wide-resnet101-2",
            "Wide ResNet-101-2: ResNet-101 with bottlenecks twice as wide inside",
            Create101,
            new PublishedAccuracy(78.848, 94.284, "torchvision's weights, one crop")),
    ];

    /// <summary>
    /// Wide ResNet-50-2, with the names of published weights: 68,883,240 parameters with images of 224x224x3 and 1000 classes.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">There is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create50(Shape? input = null, int classes = 1000, double width = 1) =>
        ResNet.Create("wide-resnet50-2", Blocks, [3, 4, 6, 3], input, classes, width);

    /// <summary>
    /// Wide ResNet-101-2, with the names of published weights: 126,886,696 parameters with images of 224x224x3 and 1000 classes.
    /// </summary>
    /// <inheritdoc cref="Create50"/>
    public static Network Create101(Shape? input = null, int classes = 1000, double width = 1) =>
        ResNet.Create("wide-resnet101-2", Blocks, [3, 4, 23, 3], input, classes, width);

    /// <summary>
    /// A network for CIFAR, the paper's table 1. With images of 32x32x3 and 10 classes WRN-28-10 has 36,479,194 parameters.
    /// </summary>
    /// <param name="depth">The number of convolutions, 6n + 4 with n blocks a stage: 16, 22, 28, 40...</param>
    /// <param name="widening">How many times as wide as a residual network of 16, 32 and 64 channels it is: the paper's k.</param>
    /// <param name="input">The images, <c>[H, W, C]</c>; 32x32x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as that its layers have.</param>
    /// <param name="dropout">The rate of the dropout between the two convolutions of a block; 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth or the width is none that there is.</exception>
    /// <exception cref="NetworkDefinitionException">There is no class.</exception>
    public static Network CreateCifar(
        int depth, int widening, Shape? input = null, int classes = 10, double width = 1, float dropout = 0)
    {
        if (depth < 10 || (depth - 4) % 6 != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(depth), Invariant($"The depth of a wide residual network for CIFAR is 6n + 4, such as 16, 28 or 40. Received: {depth}."));
        }

        WidthMultiplier widths = new(width);
        int[] stages = [16 * widening, 32 * widening, 64 * widening];
        SymbolicTensor x = Network.Input(input ?? [32, 32, 3]).Conv(widths.Of(16), 3, padding: 1, useBias: false, name: "conv1");
        for (int stage = 0; stage < stages.Length; stage++)
        {
            for (int i = 0; i < (depth - 4) / 6; i++)
            {
                x = PreActivationBlock.Basic(
                    x, widths.Of(stages[stage]), stride: stage > 0 && i == 0 ? 2 : 1, Invariant($"block{stage + 1}.layer.{i}"), dropout);
            }
        }

        return x.BatchNorm(name: "bn1").Relu().Classify(classes, "fc").ToNetwork(Invariant($"wrn{depth}-{widening}"));
    }

    private static ResidualBlock Blocks => new() { IsBottleneck = true, GroupWidth = 128 };

    private static Architecture OfCifar(string name, string description, int depth, int widening)
    {
        return new Architecture(
            name,
            description,
            Origin.OfCifar10(Paper, 2016),
            (input, classes, width) => CreateCifar(depth, widening, input, classes, width),
            TrainingRecipe.OfCifar(learningRate: 0.1f, epochs: 200, weightDecay: 5e-4f))
        {
            MinimumInput = [1, 1, 3],
        };
    }

    private static Architecture OfImageNet(
        string name, string description, Func<Shape?, int, double, Network> create, PublishedAccuracy accuracy)
    {
        return new Architecture(
            name,
            description,
            Origin.OfImageNet(Paper, 2016),
            create,
            TrainingRecipe.OfImageNet(learningRate: 0.1f, batchSize: 256, epochs: 90, weightDecay: 1e-4f))
        {
            MinimumInput = [1, 1, 3],
            ImageNetAccuracy = accuracy,
        };
    }
}
