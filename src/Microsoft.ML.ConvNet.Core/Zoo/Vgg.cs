using System.Globalization;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// The VGG networks (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", 2015): five stages of
/// 3x3 convolutions that keep the size, with 64, 128, 256, 512 and 512 filters, each stage ending in max pooling that halves it; then
/// fully connected layers of 4096, 4096 and the number of classes. The paper's configurations, its table 1, differ in the convolutions
/// of the stages only. Images of 224x224x3 shrink to 112x112x64, 56x56x128, 28x28x256, 14x14x512 and 7x7x512; other sizes change the
/// first fully connected layer.
/// </summary>
/// <remarks>
/// Layers have the names of published weights, which count convolutions, rectifiers and poolings: <c>features.2</c> is the second
/// convolution where no pooling stands between it and the first.
/// </remarks>
public static class Vgg
{
    private static readonly int[] StageFilters = [64, 128, 256, 512, 512];

    // The size of each convolution's window, stage by stage.
    private static readonly int[][] A = [[3], [3], [3, 3], [3, 3], [3, 3]];
    private static readonly int[][] B = [[3, 3], [3, 3], [3, 3], [3, 3], [3, 3]];
    private static readonly int[][] C = [[3, 3], [3, 3], [3, 3, 1], [3, 3, 1], [3, 3, 1]];
    private static readonly int[][] D = [[3, 3], [3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3]];
    private static readonly int[][] E = [[3, 3], [3, 3], [3, 3, 3, 3], [3, 3, 3, 3], [3, 3, 3, 3]];

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Of("vgg11", "VGG-11, configuration A: 8 convolutions of 3x3 and three fully connected layers", Create11, 29.6, 10.4),
        Of("vgg11-lrn", "VGG-11, configuration A-LRN: A with local response normalisation", Create11Lrn, 29.7, 10.5),
        Of("vgg13", "VGG-13, configuration B: 10 convolutions of 3x3 and three fully connected layers", Create13, 28.7, 9.9),
        Of("vgg16-c", "VGG, configuration C: 10 convolutions of 3x3, three of 1x1 and three fully connected layers", Create16C, 27.3, 8.8),
        Of("vgg16", "VGG-16, configuration D: 13 convolutions of 3x3 and three fully connected layers", Create16, 25.6, 8.1),
        Of("vgg19", "VGG-19, configuration E: 16 convolutions of 3x3 and three fully connected layers", Create19, 25.5, 8.0),
    ];

    /// <summary>VGG-11, configuration A: 132,863,336 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels and units as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">The image is smaller than 32x32, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create11(Shape? input = null, int classes = 1000, double width = 1) =>
        Create("vgg11", A, input, classes, width);

    /// <summary>
    /// Configuration A-LRN: A with local response normalisation behind its first rectifier, and as many parameters; the normalisation's
    /// constants are those of AlexNet.
    /// </summary>
    /// <inheritdoc cref="Create11"/>
    public static Network Create11Lrn(Shape? input = null, int classes = 1000, double width = 1) =>
        Create("vgg11-lrn", A, input, classes, width, normalization: true);

    /// <summary>VGG-13, configuration B: 133,047,848 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create11"/>
    public static Network Create13(Shape? input = null, int classes = 1000, double width = 1) =>
        Create("vgg13", B, input, classes, width);

    /// <summary>VGG-16, configuration D: 138,357,544 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create11"/>
    public static Network Create16(Shape? input = null, int classes = 1000, double width = 1) =>
        Create("vgg16", D, input, classes, width);

    /// <summary>
    /// Configuration C, whose stages of three convolutions end in one of 1x1: 133,638,952 parameters with images of 224x224x3 and 1000
    /// classes.
    /// </summary>
    /// <inheritdoc cref="Create11"/>
    public static Network Create16C(Shape? input = null, int classes = 1000, double width = 1) =>
        Create("vgg16-c", C, input, classes, width);

    /// <summary>VGG-19, configuration E: 143,667,240 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create11"/>
    public static Network Create19(Shape? input = null, int classes = 1000, double width = 1) =>
        Create("vgg19", E, input, classes, width);

    private static Network Create(string name, int[][] stages, Shape? input, int classes, double width, bool normalization = false)
    {
        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3]);
        int index = 0;
        for (int stage = 0; stage < stages.Length; stage++)
        {
            foreach (int kernelSize in stages[stage])
            {
                string convolution = string.Create(CultureInfo.InvariantCulture, $"features.{index}");
                x = x.Conv(widths.Of(StageFilters[stage]), kernelSize, padding: kernelSize / 2, name: convolution).Relu();
                x = normalization && index == 0 ? x.ChannelNormalization("norm1") : x;
                index += 2;
            }

            x = x.MaxPool(2);
            index++;
        }

        return x
            .Flatten()
            .Dense(widths.Of(4096), name: "classifier.0").Relu().Dropout()
            .Dense(widths.Of(4096), name: "classifier.3").Relu().Dropout()
            .Dense(classes, initialization: Initialization.GlorotUniform, name: "classifier.6").Softmax()
            .ToNetwork(name);
    }

    private static Architecture Of(
        string name, string description, Func<Shape?, int, double, Network> create, double top1Error, double top5Error)
    {
        return new Architecture(
            name,
            description,
            Origin.OfImageNet("Simonyan and Zisserman, \"Very deep convolutional networks for large-scale image recognition\", 2015", 2014),
            create,
            TrainingRecipe.OfImageNet(learningRate: 0.01f, batchSize: 256, epochs: 74, weightDecay: 5e-4f))
        {
            MinimumInput = [32, 32, 3],
            ImageNetAccuracy = PublishedAccuracy.OfErrors(top1Error, top5Error, "table 3, one network, one scale of test images"),
        };
    }
}
