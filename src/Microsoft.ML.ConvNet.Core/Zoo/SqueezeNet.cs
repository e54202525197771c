using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// SqueezeNet (Iandola, Han, Moskewicz, Ashraf, Dally and Keutzer, "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and
/// under 0.5MB model size", 2016): a convolution, eight fire modules, and a convolution of 1x1 that gives the classes, averaged over the
/// image.
/// </summary>
/// <remarks>
/// Layers have the names of published weights: <c>features.3.squeeze</c> is the first convolution of the fourth layer, a fire module.
/// </remarks>
public static class SqueezeNet
{
    private const string Paper = "Iandola, Han, Moskewicz, Ashraf, Dally and Keutzer, "
        + "\"SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and under 0.5MB model size\", 2016";

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new(
            "squeezenet1.0",
            "SqueezeNet 1.0, as in the paper: few parameters, in fire modules that squeeze the channels and expand them again",
            Origin.OfImageNet(Paper, 2016),
            Create10,
            Recipe())
        {
            MinimumInput = [29, 29, 3],
            ImageNetAccuracy = new PublishedAccuracy(57.5, 80.3, "table 2"),
        },
        new(
            "squeezenet",
            "SqueezeNet 1.1: few parameters, in fire modules that squeeze the channels and expand them again",
            Origin.OfImageNet(Paper, 2016),
            Create,
            Recipe())
        {
            MinimumInput = [25, 25, 3],
            ImageNetAccuracy = new PublishedAccuracy(58.178, 80.624, "torchvision's weights, one crop"),
        },
    ];

    /// <summary>
    /// SqueezeNet 1.1, its authors' second version, which pools earlier. Images of 224x224x3 shrink to 111x111x64, 55x55x128, 27x27x256 and
    /// 13x13x512. With 1000 classes it has 1,235,496 parameters.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create(Shape? input = null, int classes = 1000, double width = 1)
    {
        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3])
            .Conv(widths.Of(64), 3, stride: 2, name: "features.0").Relu()
            .MaxPool(3, stride: 2, ceiling: true);
        x = Fire(x, widths, 16, 64, "features.3");
        x = Fire(x, widths, 16, 64, "features.4").MaxPool(3, stride: 2, ceiling: true);
        x = Fire(x, widths, 32, 128, "features.6");
        x = Fire(x, widths, 32, 128, "features.7").MaxPool(3, stride: 2, ceiling: true);
        x = Fire(x, widths, 48, 192, "features.9");
        x = Fire(x, widths, 48, 192, "features.10");
        x = Fire(x, widths, 64, 256, "features.11");
        x = Fire(x, widths, 64, 256, "features.12");
        return Classified(x, classes, "squeezenet");
    }

    /// <summary>
    /// SqueezeNet 1.0, the paper's table 1. Images of 224x224x3 shrink to 109x109x96, 54x54x256, 27x27x512 and 13x13x512. With 1000 classes
    /// it has 1,248,424 parameters.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    public static Network Create10(Shape? input = null, int classes = 1000, double width = 1)
    {
        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3])
            .Conv(widths.Of(96), 7, stride: 2, name: "features.0").Relu()
            .MaxPool(3, stride: 2, ceiling: true);
        x = Fire(x, widths, 16, 64, "features.3");
        x = Fire(x, widths, 16, 64, "features.4");
        x = Fire(x, widths, 32, 128, "features.5").MaxPool(3, stride: 2, ceiling: true);
        x = Fire(x, widths, 32, 128, "features.7");
        x = Fire(x, widths, 48, 192, "features.8");
        x = Fire(x, widths, 48, 192, "features.9");
        x = Fire(x, widths, 64, 256, "features.10").MaxPool(3, stride: 2, ceiling: true);
        x = Fire(x, widths, 64, 256, "features.12");
        return Classified(x, classes, "squeezenet1.0");
    }

    /// <summary>A convolution of 1x1 that squeezes the channels, and two beside each other, of 1x1 and of 3x3, that expand them.</summary>
    private static SymbolicTensor Fire(SymbolicTensor x, WidthMultiplier widths, int squeeze, int expand, string name)
    {
        SymbolicTensor squeezed = x.Conv(widths.Of(squeeze), 1, name: $"{name}.squeeze").Relu();
        SymbolicTensor expanded1x1 = squeezed.Conv(widths.Of(expand), 1, name: $"{name}.expand1x1").Relu();
        SymbolicTensor expanded3x3 = squeezed.Conv(widths.Of(expand), 3, padding: 1, name: $"{name}.expand3x3").Relu();
        return expanded1x1.Concat(expanded3x3);
    }

    private static Network Classified(SymbolicTensor x, int classes, string name) => x
        .Dropout()
        .Conv(classes, 1, initialization: Initialization.GlorotUniform, name: "classifier.1").Relu()
        .GlobalAvgPool().Softmax()
        .ToNetwork(name);

    private static TrainingRecipe Recipe() =>
        TrainingRecipe.OfImageNet(learningRate: 0.04f, batchSize: 512, epochs: 68, weightDecay: 2e-4f);
}
