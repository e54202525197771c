using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// Residual networks (He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016): a convolution of 7x7 and max pooling,
/// four stages of residual blocks, the mean over the image, and one fully connected layer. Every convolution is followed by batch
/// normalisation. A stage's first block halves the size, but for the first stage. Images of 224x224x3 shrink to 112x112x64, 56x56x64,
/// 28x28x128, 14x14x256 and 7x7x512; bottleneck blocks have four times as many channels.
/// </summary>
/// <remarks>
/// Bottleneck blocks have their stride on the convolution of 3x3, as published weights do; the paper has it on the 1x1 before
/// ("ResNet v1.5"). Layers have the names that those weights go by: <c>layer1.0.conv1</c> is the first convolution of the first block
/// of the first stage.
/// </remarks>
public static class ResNet
{
    private static readonly int[] StageWidths = [64, 128, 256, 512];

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Of("resnet18", "ResNet-18: 8 residual blocks of two convolutions", Create18, new(72.12, null, "table 2, 10 crops")),
        Of("resnet34", "ResNet-34: 16 residual blocks of two convolutions", Create34, OfTable3(24.52, 7.46)),
        Of(
            "resnet50",
            "ResNet-50: 16 residual bottleneck blocks, with the stride on the convolution of 3x3",
            Create50,
            OfTable3(22.85, 6.71)),
        Of(
            "resnet101",
            "ResNet-101: 33 residual bottleneck blocks, with the stride on the convolution of 3x3",
            Create101,
            OfTable3(21.75, 6.05)),
        Of(
            "resnet152",
            "ResNet-152: 50 residual bottleneck blocks, with the stride on the convolution of 3x3",
            Create152,
            OfTable3(21.43, 5.71)),
    ];

    /// <summary>ResNet-18: 11,689,512 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">There is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create18(Shape? input = null, int classes = 1000, double width = 1) =>
        Create("resnet18", BasicBlocks, [2, 2, 2, 2], input, classes, width);

    /// <summary>ResNet-34: 21,797,672 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create18"/>
    public static Network Create34(Shape? input = null, int classes = 1000, double width = 1) =>
        Create("resnet34", BasicBlocks, [3, 4, 6, 3], input, classes, width);

    /// <summary>
    /// ResNet-50: 25,557,032 parameters with images of 224x224x3 and 1000 classes, and 4,089,184,256 multiply-adds.
    /// </summary>
    /// <inheritdoc cref="Create18"/>
    public static Network Create50(Shape? input = null, int classes = 1000, double width = 1) =>
        Create("resnet50", Bottlenecks, [3, 4, 6, 3], input, classes, width);

    /// <summary>ResNet-101: 44,549,160 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create18"/>
    public static Network Create101(Shape? input = null, int classes = 1000, double width = 1) =>
        Create("resnet101", Bottlenecks, [3, 4, 23, 3], input, classes, width);

    /// <summary>ResNet-152: 60,192,808 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create18"/>
    public static Network Create152(Shape? input = null, int classes = 1000, double width = 1) =>
        Create("resnet152", Bottlenecks, [3, 8, 36, 3], input, classes, width);

    /// <summary>A network of residual stages for ImageNet.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="block">The blocks that the stages are made of.</param>
    /// <param name="blocks">How many blocks each stage has.</param>
    /// <param name="input">The images.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    internal static Network Create(string name, ResidualBlock block, int[] blocks, Shape? input, int classes, double width)
    {
        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3])
            .ConvBatchNorm(widths.Of(64), 7, "conv1", "bn1", stride: 2, padding: 3).Relu()
            .MaxPool(3, stride: 2, padding: 1);
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            for (int i = 0; i < blocks[stage]; i++)
            {
                x = block.Apply(x, widths, StageWidths[stage], stride: stage > 0 && i == 0 ? 2 : 1, Invariant($"layer{stage + 1}.{i}"));
            }
        }

        return x.Classify(classes, "fc").ToNetwork(name);
    }

    private static ResidualBlock BasicBlocks => new() { IsBottleneck = false };

    private static ResidualBlock Bottlenecks => new() { IsBottleneck = true };

    private static PublishedAccuracy OfTable3(double top1Error, double top5Error) =>
        PublishedAccuracy.OfErrors(top1Error, top5Error, "table 3, 10 crops");

    private static Architecture Of(
        string name, string description, Func<Shape?, int, double, Network> create, PublishedAccuracy accuracy)
    {
        return new Architecture(
            name,
            description,
            Origin.OfImageNet("He, Zhang, Ren and Sun, \"Deep residual learning for image recognition\", 2016", 2015),
            create,
            TrainingRecipe.OfImageNet(learningRate: 0.1f, batchSize: 256, epochs: 90, weightDecay: 1e-4f))
        {
            MinimumInput = [1, 1, 3],
            ImageNetAccuracy = accuracy,
        };
    }
}
