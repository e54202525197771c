using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// Densely connected networks (Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional networks", 2017), in the
/// bottleneck form with compression, DenseNet-BC: each layer of a dense block reads the outputs of all layers before it, side by side, and
/// adds as many channels as the growth rate says; transitions between blocks halve channels and size. Normalisation and rectifier stand
/// before each convolution.
/// </summary>
/// <remarks>
/// Layers have the names of published weights: <c>features.denseblock1.denselayer1.norm1</c> is the first normalisation of the first layer
/// of the first block.
/// </remarks>
public static class DenseNet
{
    private const string Paper = "Huang, Liu, van der Maaten and Weinberger, \"Densely connected convolutional networks\", 2017";
    private const int BottleneckWidth = 4;

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        OfImageNet(
            "densenet121",
            "DenseNet-121: four dense blocks of 6, 12, 24 and 16 layers that add 32 channels",
            Create121,
            OfTable3(25.02, 7.71)),
        OfImageNet(
            "densenet161",
            "DenseNet-161: four dense blocks of 6, 12, 36 and 24 layers that add 48 channels",
            Create161,
            new PublishedAccuracy(77.138, 93.56, "torchvision's weights, one crop")),
        OfImageNet(
            "densenet169",
            "DenseNet-169: four dense blocks of 6, 12, 32 and 32 layers that add 32 channels",
            Create169,
            OfTable3(23.80, 6.85)),
        OfImageNet(
            "densenet201",
            "DenseNet-201: four dense blocks of 6, 12, 48 and 32 layers that add 32 channels",
            Create201,
            OfTable3(22.58, 6.34)),
        OfCifar("densenet-bc100-12", "DenseNet-BC-100 for CIFAR: three dense blocks of 16 layers that add 12 channels", 100, 12),
        OfCifar("densenet-bc190-40", "DenseNet-BC-190 for CIFAR: three dense blocks of 31 layers that add 40 channels", 190, 40),
    ];

    /// <summary>
    /// DenseNet-121: 7,978,856 parameters with 1000 classes. Images of 224x224x3 shrink to 56x56x256, 28x28x512, 14x14x1024 and 7x7x1024.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have and add.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create121(Shape? input = null, int classes = 1000, double width = 1) =>
        CreateImageNet("densenet121", [6, 12, 24, 16], growth: 32, input, classes, width);

    /// <summary>DenseNet-161, wider: 28,681,000 parameters with 1000 classes.</summary>
    /// <inheritdoc cref="Create121"/>
    public static Network Create161(Shape? input = null, int classes = 1000, double width = 1) =>
        CreateImageNet("densenet161", [6, 12, 36, 24], growth: 48, input, classes, width);

    /// <summary>DenseNet-169: 14,149,480 parameters with 1000 classes.</summary>
    /// <inheritdoc cref="Create121"/>
    public static Network Create169(Shape? input = null, int classes = 1000, double width = 1) =>
        CreateImageNet("densenet169", [6, 12, 32, 32], growth: 32, input, classes, width);

    /// <summary>DenseNet-201: 20,013,928 parameters with 1000 classes.</summary>
    /// <inheritdoc cref="Create121"/>
    public static Network Create201(Shape? input = null, int classes = 1000, double width = 1) =>
        CreateImageNet("densenet201", [6, 12, 48, 32], growth: 32, input, classes, width);

    /// <summary>
    /// DenseNet-BC for CIFAR: a convolution of 3x3 and three dense blocks on images of 32x32, 16x16 and 8x8, the paper's section 3 and
    /// table 2. With 10 classes depth 100 and growth 12 make 0.8 million parameters, 190 and 40 25.6 million.
    /// </summary>
    /// <param name="depth">The number of convolutions, 6n + 4 with n layers a block: 100, 190, 250...</param>
    /// <param name="growth">The channels that a layer adds.</param>
    /// <param name="input">The images, <c>[H, W, C]</c>; 32x32x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as that its layers have and add.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth or the width is none that there is.</exception>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    public static Network CreateCifar(int depth, int growth, Shape? input = null, int classes = 10, double width = 1)
    {
        if (depth < 10 || (depth - 4) % 6 != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(depth), Invariant($"The depth of a DenseNet-BC for CIFAR is 6n + 4, such as 100, 190 or 250. Received: {depth}."));
        }

        WidthMultiplier widths = new(width);
        int layers = (depth - 4) / 6;
        SymbolicTensor x = Network.Input(input ?? [32, 32, 3])
            .Conv(widths.Of(2 * growth), 3, padding: 1, useBias: false, name: "features.conv0");
        return Blocks(x, [layers, layers, layers], widths.Of(growth), classes).ToNetwork(Invariant($"densenet-bc{depth}-{growth}"));
    }

    private static Network CreateImageNet(string name, int[] layers, int growth, Shape? input, int classes, double width)
    {
        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3])
            .ConvBatchNorm(widths.Of(2 * growth), 7, "features.conv0", "features.norm0", stride: 2, padding: 3).Relu()
            .MaxPool(3, stride: 2, padding: 1);
        return Blocks(x, layers, widths.Of(growth), classes).ToNetwork(name);
    }

    private static SymbolicTensor Blocks(SymbolicTensor x, int[] layers, int growth, int classes)
    {
        for (int block = 0; block < layers.Length; block++)
        {
            for (int i = 0; i < layers[block]; i++)
            {
                x = x.Concat(Layer(x, growth, Invariant($"features.denseblock{block + 1}.denselayer{i + 1}")));
            }

            if (block < layers.Length - 1)
            {
                string name = Invariant($"features.transition{block + 1}");
                x = x.BatchNorm(name: $"{name}.norm").Relu()
                    .Conv(x.Shape.Channels / 2, 1, useBias: false, name: $"{name}.conv")
                    .AvgPool(2);
            }
        }

        return x.BatchNorm(name: Invariant($"features.norm{layers.Length + 1}")).Relu().Classify(classes, "classifier");
    }

    /// <summary>A convolution of 1x1 to four times the growth, and one of 3x3 to the growth.</summary>
    private static SymbolicTensor Layer(SymbolicTensor x, int growth, string name) => x
        .BatchNorm(name: $"{name}.norm1").Relu()
        .ConvBatchNorm(BottleneckWidth * growth, 1, $"{name}.conv1", $"{name}.norm2").Relu()
        .Conv(growth, 3, padding: 1, useBias: false, name: $"{name}.conv2");

    private static PublishedAccuracy OfTable3(double top1Error, double top5Error) =>
        PublishedAccuracy.OfErrors(top1Error, top5Error, "table 3, one crop");

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
            MinimumInput = [29, 29, 3],
            ImageNetAccuracy = accuracy,
        };
    }

    private static Architecture OfCifar(string name, string description, int depth, int growth)
    {
        return new Architecture(
            name,
            description,
            Origin.OfCifar10(Paper, 2016),
            (input, classes, width) => CreateCifar(depth, growth, input, classes, width),
            TrainingRecipe.OfCifar(learningRate: 0.1f, epochs: 300, weightDecay: 1e-4f))
        {
            MinimumInput = [4, 4, 3],
        };
    }
}
