using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// MobileNet (Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto and Adam, "MobileNets: efficient convolutional neural networks for
/// mobile vision applications", 2017): a convolution of 3x3 and 13 separable ones, each a depthwise convolution of 3x3 and one of 1x1, with
/// batch normalisation and rectifier behind both. Images of 224x224x3 shrink to 112x112x64, 56x56x128, 28x28x256, 14x14x512 and 7x7x1024.
/// </summary>
public static class MobileNetV1
{
    // The paper's table 1: filters of the 1x1 and stride of the depthwise convolution.
    private static readonly (int Filters, int Stride)[] Blocks =
    [
        (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
    ];

    /// <summary>What the catalogue says of this network.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new(
            "mobilenet-v1",
            "MobileNet: 13 depthwise separable convolutions",
            Origin.OfImageNet(
                "Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto and Adam, "
                    + "\"MobileNets: efficient convolutional neural networks for mobile vision applications\", 2017",
                2017),
            Create,
            TrainingRecipe.OfImageNet(learningRate: 0.045f, batchSize: 96, epochs: 150, weightDecay: 4e-5f))
        {
            MinimumInput = [1, 1, 3],
            ImageNetAccuracy = new PublishedAccuracy(70.6, null, "table 8, one crop"),
        },
    ];

    /// <summary>Builds it. With images of 224x224x3 and 1000 classes it has 4,231,976 parameters, and 569 million multiply-adds.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">The paper's width multiplier: 1, 0.75, 0.5, 0.25.</param>
    /// <exception cref="NetworkDefinitionException">There is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create(Shape? input = null, int classes = 1000, double width = 1)
    {
        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3])
            .ConvBatchNorm(widths.Of(32), 3, "conv1", "bn1", stride: 2, padding: 1).Relu();
        for (int i = 0; i < Blocks.Length; i++)
        {
            (int filters, int stride) = Blocks[i];
            string name = Invariant($"block{i + 1}");
            x = x
                .DepthwiseBatchNorm(3, $"{name}.depthwise", $"{name}.bn1", stride).Relu()
                .ConvBatchNorm(widths.Of(filters), 1, $"{name}.pointwise", $"{name}.bn2").Relu();
        }

        return x.Classify(classes, "fc").ToNetwork("mobilenet-v1");
    }
}
