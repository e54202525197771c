using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// Residual networks with pre-activation (He, Zhang, Ren and Sun, "Identity mappings in deep residual networks", 2016): normalisation and
/// rectifier stand before each convolution, so that nothing but additions stands on the path from the first layers to the last, and a
/// thousand layers can be trained.
/// </summary>
public static class PreActivationResNet
{
    private const string Paper = "He, Zhang, Ren and Sun, \"Identity mappings in deep residual networks\", 2016";

    private static readonly int[] ImageNetStages = [64, 128, 256, 512];
    private static readonly int[] CifarStages = [16, 32, 64];

    private delegate SymbolicTensor Block(SymbolicTensor x, int channels, int stride, string name, bool activated);

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        OfCifar("preresnet164", "Pre-activation ResNet-164 for CIFAR: 54 bottleneck blocks", 164),
        OfCifar("preresnet1001", "Pre-activation ResNet-1001 for CIFAR: 333 bottleneck blocks", 1001),
        OfImageNet("preresnet18", "Pre-activation ResNet-18: 8 blocks of two convolutions", Create18),
        OfImageNet("preresnet50", "Pre-activation ResNet-50: 16 bottleneck blocks", Create50),
        OfImageNet("preresnet152", "Pre-activation ResNet-152: 50 bottleneck blocks", Create152, OfTable5(21.1, 5.5)),
        OfImageNet("preresnet200", "Pre-activation ResNet-200: 66 bottleneck blocks", Create200, OfTable5(20.7, 5.3)),
    ];

    /// <summary>
    /// Pre-activation ResNet-18: 11,687,720 parameters with images of 224x224x3 and 1000 classes. As in all of these for ImageNet the first
    /// block takes the output of the first rectifier and max pooling as it is.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">There is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create18(Shape? input = null, int classes = 1000, double width = 1) =>
        CreateImageNet("preresnet18", Basic, [2, 2, 2, 2], input, classes, width);

    /// <summary>Pre-activation ResNet-50: 25,549,352 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create18"/>
    public static Network Create50(Shape? input = null, int classes = 1000, double width = 1) =>
        CreateImageNet("preresnet50", PreActivationBlock.Bottleneck, [3, 4, 6, 3], input, classes, width);

    /// <summary>Pre-activation ResNet-152: 60,185,128 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create18"/>
    public static Network Create152(Shape? input = null, int classes = 1000, double width = 1) =>
        CreateImageNet("preresnet152", PreActivationBlock.Bottleneck, [3, 8, 36, 3], input, classes, width);

    /// <summary>Pre-activation ResNet-200: 64,666,152 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create18"/>
    public static Network Create200(Shape? input = null, int classes = 1000, double width = 1) =>
        CreateImageNet("preresnet200", PreActivationBlock.Bottleneck, [3, 24, 36, 3], input, classes, width);

    /// <summary>
    /// A network for CIFAR: a convolution of 3x3 with 16 filters, and three stages of bottleneck blocks of 64, 128 and 256 channels on
    /// images of 32x32, 16x16 and 8x8. With 10 classes 164 layers have 1.7 million parameters and 1001 layers 10.3 million.
    /// </summary>
    /// <param name="depth">The number of convolutions, 9n + 2 with n blocks a stage: 110, 164, 1001...</param>
    /// <param name="input">The images, <c>[H, W, C]</c>; 32x32x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth or the width is none that there is.</exception>
    /// <exception cref="NetworkDefinitionException">There is no class.</exception>
    public static Network CreateCifar(int depth, Shape? input = null, int classes = 10, double width = 1)
    {
        if (depth < 11 || (depth - 2) % 9 != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(depth),
                Invariant($"The depth of a pre-activation ResNet for CIFAR is 9n + 2, such as 110, 164 or 1001. Received: {depth}."));
        }

        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [32, 32, 3]).Conv(widths.Of(16), 3, padding: 1, useBias: false, name: "conv1");
        int[] blocks = [.. CifarStages.Select(_ => (depth - 2) / 9)];
        return Stages(x, PreActivationBlock.Bottleneck, CifarStages, blocks, widths, activated: false)
            .Classify(classes, "fc")
            .ToNetwork(Invariant($"preresnet{depth}"));
    }

    private static Network CreateImageNet(string name, Block block, int[] blocks, Shape? input, int classes, double width)
    {
        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3])
            .ConvBatchNorm(widths.Of(64), 7, "conv1", "bn1", stride: 2, padding: 3).Relu()
            .MaxPool(3, stride: 2, padding: 1);
        return Stages(x, block, ImageNetStages, blocks, widths, activated: true).Classify(classes, "fc").ToNetwork(name);
    }

    private static SymbolicTensor Stages(
        SymbolicTensor x, Block block, int[] channels, int[] blocks, WidthMultiplier widths, bool activated)
    {
        for (int stage = 0; stage < channels.Length; stage++)
        {
            for (int i = 0; i < blocks[stage]; i++)
            {
                x = block(
                    x,
                    widths.Of(channels[stage]),
                    stride: stage > 0 && i == 0 ? 2 : 1,
                    Invariant($"layer{stage + 1}.{i}"),
                    activated && stage == 0 && i == 0);
            }
        }

        return x.BatchNorm(name: "bn_last").Relu();
    }

    private static SymbolicTensor Basic(SymbolicTensor x, int channels, int stride, string name, bool activated) =>
        PreActivationBlock.Basic(x, channels, stride, name, activated: activated);

    private static PublishedAccuracy OfTable5(double top1Error, double top5Error) =>
        PublishedAccuracy.OfErrors(top1Error, top5Error, "table 5, one crop of 320x320, scale augmentation");

    private static Architecture OfCifar(string name, string description, int depth)
    {
        return new Architecture(
            name,
            description,
            Origin.OfCifar10(Paper, 2016),
            (input, classes, width) => CreateCifar(depth, input, classes, width),
            TrainingRecipe.OfCifar(learningRate: 0.1f, epochs: 164, weightDecay: 1e-4f))
        {
            MinimumInput = [1, 1, 3],
        };
    }

    private static Architecture OfImageNet(
        string name, string description, Func<Shape?, int, double, Network> create, PublishedAccuracy? accuracy = null)
    {
        return new Architecture(
            name,
            description,
            Origin.OfImageNet(Paper, 2016),
            create,
            TrainingRecipe.OfImageNet(learningRate: 0.1f, batchSize: 256, epochs: 100, weightDecay: 1e-4f))
        {
            MinimumInput = [1, 1, 3],
            ImageNetAccuracy = accuracy,
        };
    }
}
