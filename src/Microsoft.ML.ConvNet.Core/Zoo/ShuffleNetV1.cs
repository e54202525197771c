using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// ShuffleNet (Zhang, Zhou, Lin and Sun, "ShuffleNet: an extremely efficient convolutional neural network for mobile devices", 2018): 16
/// residual units of a convolution of 1x1 in groups, a shuffle of the channels across the groups, a depthwise convolution of 3x3, and
/// another 1x1 in groups. Where the size halves, the branch is put behind the average of 3x3 instead of added. Images of 224x224x3 shrink
/// to 56x56x24, 28x28x240, 14x14x480 and 7x7x960 with three groups.
/// </summary>
public static class ShuffleNetV1
{
    private const int Reduction = 4;
    private static readonly int[] UnitsOfStage = [4, 8, 4];

    // The paper's table 1: the channels of stage 2 by the number of groups.
    private static readonly Dictionary<int, int> FirstWidths = new() { [1] = 144, [2] = 200, [3] = 240, [4] = 272, [8] = 384 };

    /// <summary>What the catalogue says of this network.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new(
            "shufflenet-v1",
            "ShuffleNet x1.0 with three groups: 16 units of convolutions in groups and shuffled channels",
            Origin.OfImageNet(
                "Zhang, Zhou, Lin and Sun, "
                    + "\"ShuffleNet: an extremely efficient convolutional neural network for mobile devices\", 2018",
                2017),
            (input, classes, width) => Create(input, classes, width),
            TrainingRecipe.OfImageNet(learningRate: 0.5f, batchSize: 1024, epochs: 240, weightDecay: 4e-5f))
        {
            MinimumInput = [1, 1, 3],
            ImageNetAccuracy = PublishedAccuracy.OfErrors(32.6, null, "table 2, one crop"),
        },
    ];

    /// <summary>
    /// Builds it. With images of 224x224x3 it takes 137 million multiply-adds with three groups, the paper's table 1.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">The paper's scale factor of the channels: 1, 0.5, 0.25.</param>
    /// <param name="groups">The groups of the convolutions of 1x1: 1, 2, 3, 4 or 8.</param>
    /// <exception cref="NetworkDefinitionException">There is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width or the number of groups is none that there is.</exception>
    public static Network Create(Shape? input = null, int classes = 1000, double width = 1, int groups = 3)
    {
        if (!FirstWidths.TryGetValue(groups, out int firstWidth))
        {
            throw new ArgumentOutOfRangeException(
                nameof(groups), Invariant($"The groups of a ShuffleNet are {string.Join(", ", FirstWidths.Keys.Select(number => Invariant($"{number}")))}. Received: {groups}."));
        }

        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3])
            .ConvBatchNorm(widths.Of(24, groups), 3, "conv1", "bn1", stride: 2, padding: 1).Relu()
            .MaxPool(3, stride: 2, padding: 1);
        for (int stage = 0; stage < UnitsOfStage.Length; stage++)
        {
            int channels = widths.Of(firstWidth << stage, Reduction * groups);
            for (int i = 0; i < UnitsOfStage[stage]; i++)
            {
                x = Unit(x, channels, groups, isFirst: i == 0, isInStage2: stage == 0, Invariant($"stage{stage + 2}.{i}"));
            }
        }

        return x.Classify(classes, "fc").ToNetwork("shufflenet-v1");
    }

    /// <summary>A unit; in the very first one the 1x1 has few input channels, and no groups.</summary>
    private static SymbolicTensor Unit(SymbolicTensor x, int channels, int groups, bool isFirst, bool isInStage2, string name)
    {
        int outputs = isFirst ? channels - x.Shape.Channels : channels;
        int firstGroups = isFirst && isInStage2 ? 1 : groups;
        SymbolicTensor shuffled = x
            .ConvBatchNorm(channels / Reduction, 1, $"{name}.conv1", $"{name}.bn1", groups: firstGroups).Relu()
            .ChannelShuffle(groups);
        SymbolicTensor residual = shuffled
            .DepthwiseBatchNorm(3, $"{name}.depthwise", $"{name}.bn2", isFirst ? 2 : 1)
            .ConvBatchNorm(outputs, 1, $"{name}.conv2", $"{name}.bn3", groups: groups);
        return (isFirst ? x.AvgPool(3, stride: 2, padding: 1, countIncludesPadding: true).Concat(residual) : residual.Add(x)).Relu();
    }
}
