using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// ShuffleNet v2 (Ma, Zhang, Zheng and Sun, "ShuffleNet V2: practical guidelines for efficient CNN architecture design", 2018): units that
/// let half of the channels pass, put the other half through a convolution of 1x1, a depthwise one of 3x3 and another of 1x1, and shuffle
/// both. Where the size halves, both halves are computed from all channels. Images of 224x224x3 shrink to 56x56x24, 28x28x116, 14x14x232,
/// 7x7x464 and 7x7x1024.
/// </summary>
/// <remarks>Layers have the names of published weights: <c>stage2.0.branch2.3</c> is a depthwise convolution.</remarks>
public static class ShuffleNetV2
{
    private static readonly int[] UnitsOfStage = [4, 8, 4];

    // The paper's table 5: the channels of stage 2 and of the last convolution.
    private static readonly Dictionary<double, (int Stage2, int Last)> Widths = new()
    {
        [0.5] = (48, 1024),
        [1.0] = (116, 1024),
        [1.5] = (176, 1024),
        [2.0] = (244, 2048),
    };

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Of("shufflenet-v2-x0.5", 0.5, 39.7),
        Of("shufflenet-v2", 1, 30.6),
        Of("shufflenet-v2-x1.5", 1.5, 27.4),
        Of("shufflenet-v2-x2.0", 2, 25.1),
    ];

    /// <summary>
    /// Builds it. With images of 224x224x3 and 1000 classes the size 0.5 has 1,366,792 parameters, 1 has 2,278,604, 1.5 3,503,624 and 2
    /// 7,393,996.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published for the size its layers have.</param>
    /// <param name="size">The paper's output channels, its table 5: 0.5, 1, 1.5 or 2.</param>
    /// <exception cref="NetworkDefinitionException">There is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size or the width is none that there is.</exception>
    public static Network Create(Shape? input = null, int classes = 1000, double width = 1, double size = 1)
    {
        if (!Widths.TryGetValue(size, out (int Stage2, int Last) published))
        {
            throw new ArgumentOutOfRangeException(
                nameof(size), FormattableString.Invariant($"The size of a ShuffleNet v2 is 0.5, 1, 1.5 or 2. Received: {size}."));
        }

        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3])
            .ConvBatchNorm(widths.Of(24), 3, "conv1.0", "conv1.1", stride: 2, padding: 1).Relu()
            .MaxPool(3, stride: 2, padding: 1);
        for (int stage = 0; stage < UnitsOfStage.Length; stage++)
        {
            int half = widths.Of(published.Stage2 << stage, 2) / 2;
            for (int i = 0; i < UnitsOfStage[stage]; i++)
            {
                string name = Invariant($"stage{stage + 2}.{i}");
                x = (i == 0 ? Halve(x, half, name) : Pass(x, half, name)).ChannelShuffle(2);
            }
        }

        return x
            .ConvBatchNorm(widths.Of(published.Last), 1, "conv5.0", "conv5.1").Relu()
            .Classify(classes, "fc")
            .ToNetwork(NameOf(size));
    }

    private static SymbolicTensor Halve(SymbolicTensor x, int half, string name)
    {
        SymbolicTensor first = x
            .DepthwiseBatchNorm(3, $"{name}.branch1.0", $"{name}.branch1.1", stride: 2)
            .ConvBatchNorm(half, 1, $"{name}.branch1.2", $"{name}.branch1.3").Relu();
        return first.Concat(Branch(x, half, stride: 2, name));
    }

    private static SymbolicTensor Pass(SymbolicTensor x, int half, string name) =>
        x.Slice(axis: -1, 0, half).Concat(Branch(x.Slice(axis: -1, half), half, stride: 1, name));

    private static SymbolicTensor Branch(SymbolicTensor x, int half, int stride, string name) => x
        .ConvBatchNorm(half, 1, $"{name}.branch2.0", $"{name}.branch2.1").Relu()
        .DepthwiseBatchNorm(3, $"{name}.branch2.3", $"{name}.branch2.4", stride)
        .ConvBatchNorm(half, 1, $"{name}.branch2.5", $"{name}.branch2.6").Relu();

    private static string NameOf(double size) =>
        size == 1 ? "shufflenet-v2" : FormattableString.Invariant($"shufflenet-v2-x{size:0.0}");

    private static Architecture Of(string name, double size, double top1Error)
    {
        return new Architecture(
            name,
            FormattableString.Invariant($"ShuffleNet v2 x{size:0.0}: 16 units of split and shuffled channels"),
            Origin.OfImageNet(
                "Ma, Zhang, Zheng and Sun, \"ShuffleNet V2: practical guidelines for efficient CNN architecture design\", 2018", 2018),
            (input, classes, width) => Create(input, classes, width, size),
            TrainingRecipe.OfImageNet(learningRate: 0.5f, batchSize: 1024, epochs: 240, weightDecay: 4e-5f))
        {
            MinimumInput = [1, 1, 3],
            ImageNetAccuracy = PublishedAccuracy.OfErrors(top1Error, null, "table 8, one crop"),
        };
    }
}
