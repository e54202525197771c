using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// ResNeXt (Xie, Girshick, Dollar, Tu and He, "Aggregated residual transformations for deep neural networks", 2017): a
/// <see cref="ResNet"/> whose bottlenecks have a 3x3 convolution of 32 groups, each with a few channels of its own. Layers have the names
/// of published weights.
/// </summary>
public static class ResNeXt
{
    private const int Groups = 32;

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Of(
            "resnext50-32x4d",
            "ResNeXt-50: 16 residual bottleneck blocks whose 3x3 has 32 groups of 4 channels",
            Create50,
            PublishedAccuracy.OfErrors(22.2, null, "table 3, one crop")),
        Of(
            "resnext101-32x8d",
            "ResNeXt-101: 33 residual bottleneck blocks whose 3x3 has 32 groups of 8 channels",
            Create101,
            new PublishedAccuracy(79.312, 94.526, "torchvision's weights, one crop")),
    ];

    /// <summary>
    /// ResNeXt-50 with groups of 4 channels, the paper's table 1: 25,028,904 parameters with images of 224x224x3 and 1000 classes.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have; the number of groups stays.</param>
    /// <exception cref="NetworkDefinitionException">There is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create50(Shape? input = null, int classes = 1000, double width = 1) =>
        ResNet.Create("resnext50-32x4d", Blocks(groupWidth: 4), [3, 4, 6, 3], input, classes, width);

    /// <summary>
    /// ResNeXt-101 with groups of 8 channels: 88,791,336 parameters with images of 224x224x3 and 1000 classes.
    /// </summary>
    /// <inheritdoc cref="Create50"/>
    public static Network Create101(Shape? input = null, int classes = 1000, double width = 1) =>
        ResNet.Create("resnext101-32x8d", Blocks(groupWidth: 8), [3, 4, 23, 3], input, classes, width);

    private static ResidualBlock Blocks(int groupWidth) => new() { IsBottleneck = true, Groups = Groups, GroupWidth = groupWidth };

    private static Architecture Of(
        string name, string description, Func<Shape?, int, double, Network> create, PublishedAccuracy accuracy)
    {
        return new Architecture(
            name,
            description,
            Origin.OfImageNet(
                "Xie, Girshick, Dollar, Tu and He, \"Aggregated residual transformations for deep neural networks\", 2017", 2016),
            create,
            TrainingRecipe.OfImageNet(learningRate: 0.1f, batchSize: 256, epochs: 90, weightDecay: 1e-4f))
        {
            MinimumInput = [1, 1, 3],
            ImageNetAccuracy = accuracy,
        };
    }
}
