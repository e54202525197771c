using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// MobileNet v2 (Sandler, Howard, Zhu, Zhmoginov and Chen, "MobileNetV2: inverted residuals and linear bottlenecks", 2018): 17 inverted
/// residual blocks, which expand the channels six times, filter them with a depthwise 3x3 and reduce them without a rectifier; a shortcut
/// joins the narrow ends. Rectifiers are clipped at 6. Images of 224x224x3 shrink to 112x112x16, 56x56x24, 28x28x32, 14x14x96 and 7x7x1280.
/// </summary>
/// <remarks>
/// Layers have the names of published weights: <c>features.2.conv.1.0</c> is the depthwise convolution of the second block. Numbers of
/// channels are multiples of 8 at any width.
/// </remarks>
public static class MobileNetV2
{
    private const int ChannelMultiple = 8;

    // The paper's table 2: expansion, channels, blocks and stride of the first of them.
    private static readonly (int Expansion, int Channels, int Count, int Stride)[] Rows =
    [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ];

    /// <summary>What the catalogue says of this network.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new(
            "mobilenet-v2",
            "MobileNet v2: 17 inverted residual blocks around depthwise convolutions",
            Origin.OfImageNet(
                "Sandler, Howard, Zhu, Zhmoginov and Chen, \"MobileNetV2: inverted residuals and linear bottlenecks\", 2018", 2018),
            Create,
            TrainingRecipe.OfImageNet(learningRate: 0.045f, batchSize: 96, epochs: 300, weightDecay: 4e-5f))
        {
            MinimumInput = [1, 1, 3],
            ImageNetAccuracy = new PublishedAccuracy(72.0, null, "table 4, one crop"),
        },
    ];

    /// <summary>Builds it. With images of 224x224x3 and 1000 classes it has 3,504,872 parameters, and 300 million multiply-adds.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">The paper's width multiplier: 1.4, 1, 0.75, 0.5, 0.35; the last convolution has 1280 filters at least.</param>
    /// <exception cref="NetworkDefinitionException">There is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create(Shape? input = null, int classes = 1000, double width = 1)
    {
        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3])
            .ConvBatchNorm(widths.Of(32, ChannelMultiple), 3, "features.0.0", "features.0.1", stride: 2, padding: 1).Relu6();
        int index = 1;
        foreach ((int expansion, int channels, int count, int firstStride) in Rows)
        {
            for (int i = 0; i < count; i++, index++)
            {
                x = Block(x, expansion, widths.Of(channels, ChannelMultiple), i == 0 ? firstStride : 1, Invariant($"features.{index}.conv"));
            }
        }

        int last = new WidthMultiplier(Math.Max(width, 1)).Of(1280, ChannelMultiple);
        return x
            .ConvBatchNorm(last, 1, Invariant($"features.{index}.0"), Invariant($"features.{index}.1")).Relu6()
            .Classify(classes, "classifier.1", dropout: 0.2f)
            .ToNetwork("mobilenet-v2");
    }

    private static SymbolicTensor Block(SymbolicTensor x, int expansion, int channels, int stride, string name)
    {
        SymbolicTensor expanded = x;
        int part = 0;
        if (expansion > 1)
        {
            expanded = x.ConvBatchNorm(expansion * x.Shape.Channels, 1, Invariant($"{name}.{part}.0"), Invariant($"{name}.{part}.1")).Relu6();
            part++;
        }

        SymbolicTensor residual = expanded
            .DepthwiseBatchNorm(3, Invariant($"{name}.{part}.0"), Invariant($"{name}.{part}.1"), stride).Relu6()
            .ConvBatchNorm(channels, 1, Invariant($"{name}.{part + 1}"), Invariant($"{name}.{part + 2}"));
        return stride == 1 && channels == x.Shape.Channels ? residual.Add(x) : residual;
    }
}
