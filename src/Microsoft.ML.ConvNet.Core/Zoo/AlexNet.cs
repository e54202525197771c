using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// AlexNet (Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", 2012), which began the
/// field's second life: five convolutions, then fully connected layers of 4096, 4096 and the number of classes. It stands here as lectures
/// table it, on one processor and without the two halves of 2012, and in its author's later form for one processor.
/// </summary>
public static class AlexNet
{
    private const string Of2012 =
        "Krizhevsky, Sutskever and Hinton, \"ImageNet classification with deep convolutional neural networks\", 2012";

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new(
            "alexnet",
            "AlexNet in its form for one processor: five convolutions and three fully connected layers",
            Origin.OfImageNet("Krizhevsky, \"One weird trick for parallelizing convolutional neural networks\", 2014", 2014),
            Create,
            Recipe())
        {
            MinimumInput = [63, 63, 3],
            ImageNetAccuracy = PublishedAccuracy.OfErrors(42.33, null, "table 1, one processor"),
        },
        new(
            "alexnet-2012",
            "AlexNet as lectures table it, with local response normalisation",
            new Origin(Of2012, 2012, [227, 227, 3], 1000),
            (input, classes, width) => Create2012(input, classes, width),
            Recipe())
        {
            MinimumInput = [67, 67, 3],
            ImageNetAccuracy = PublishedAccuracy.OfErrors(40.7, 18.2, "table 2, one network, 10 crops"),
        },
        new(
            "alexnet-2012-nolrn",
            "AlexNet as lectures table it, without local response normalisation",
            new Origin(Of2012, 2012, [227, 227, 3], 1000),
            (input, classes, width) => Create2012(input, classes, width, normalization: false),
            Recipe())
        {
            MinimumInput = [67, 67, 3],
        },
    ];

    /// <summary>
    /// The form for one processor (Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014): 64, 192, 384, 256
    /// and 256 filters, no local response normalisation. Images of 224x224 shrink to 55x55x64, 27x27x64, 27x27x192, 13x13x192, 13x13x256
    /// and 6x6x256; adaptive average pooling makes 6x6x256 of any other size, from 63x63. With images of 224x224x3 and 1000 classes it has
    /// 61,100,840 parameters. Layers have the names of published weights: <c>features.0</c> is the first convolution.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels and units as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">The image is smaller than 63x63, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create(Shape? input = null, int classes = 1000, double width = 1)
    {
        WidthMultiplier widths = new(width);
        return Network.Input(input ?? [224, 224, 3])
            .Conv(widths.Of(64), 11, stride: 4, padding: 2, name: "features.0").Relu().MaxPool(3, stride: 2)
            .Conv(widths.Of(192), 5, padding: 2, name: "features.3").Relu().MaxPool(3, stride: 2)
            .Conv(widths.Of(384), 3, padding: 1, name: "features.6").Relu()
            .Conv(widths.Of(256), 3, padding: 1, name: "features.8").Relu()
            .Conv(widths.Of(256), 3, padding: 1, name: "features.10").Relu().MaxPool(3, stride: 2)
            .AdaptiveAvgPool(6)
            .Flatten()
            .Dropout().Dense(widths.Of(4096), name: "classifier.1").Relu()
            .Dropout().Dense(widths.Of(4096), name: "classifier.4").Relu()
            .Dense(classes, initialization: Initialization.GlorotUniform, name: "classifier.6").Softmax()
            .ToNetwork("alexnet");
    }

    /// <summary>
    /// The network as lectures table it: 96, 256, 384, 384 and 256 filters, every filter over all channels. Images of 227x227 shrink to
    /// 55x55x96, 27x27x96, 27x27x256, 13x13x256, 13x13x384 twice, 13x13x256 and 6x6x256; other sizes change the first fully connected
    /// layer. With images of 227x227x3 and 1000 classes it has 62,378,344 parameters.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    /// <param name="input">The images, <c>[H, W, C]</c>; 227x227x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels and units as published its layers have.</param>
    /// <param name="normalization">
    /// Whether local response normalisation follows the first two rectifiers: with the paper's constants k = 2, n = 5, alpha = 1e-4 and
    /// beta = 0.75, of which alpha multiplies the sum over n channels.
    /// </param>
    /// <exception cref="NetworkDefinitionException">The image is smaller than 67x67, or there is no class.</exception>
    public static Network Create2012(Shape? input = null, int classes = 1000, double width = 1, bool normalization = true)
    {
        WidthMultiplier widths = new(width);
        SymbolicTensor Normalized(SymbolicTensor x, string name) => normalization ? x.ChannelNormalization(name) : x;

        SymbolicTensor x = Network.Input(input ?? [227, 227, 3]).Conv(widths.Of(96), 11, stride: 4, name: "conv1").Relu();
        x = Normalized(x, "norm1").MaxPool(3, stride: 2, name: "pool1")
            .Conv(widths.Of(256), 5, padding: 2, name: "conv2").Relu();
        return Normalized(x, "norm2").MaxPool(3, stride: 2, name: "pool2")
            .Conv(widths.Of(384), 3, padding: 1, name: "conv3").Relu()
            .Conv(widths.Of(384), 3, padding: 1, name: "conv4").Relu()
            .Conv(widths.Of(256), 3, padding: 1, name: "conv5").Relu().MaxPool(3, stride: 2, name: "pool5")
            .Flatten()
            .Dense(widths.Of(4096), name: "fc6").Relu().Dropout()
            .Dense(widths.Of(4096), name: "fc7").Relu().Dropout()
            .Dense(classes, initialization: Initialization.GlorotUniform, name: "fc8").Softmax()
            .ToNetwork(normalization ? "alexnet-2012" : "alexnet-2012-nolrn");
    }

    private static TrainingRecipe Recipe() =>
        TrainingRecipe.OfImageNet(learningRate: 0.01f, batchSize: 128, epochs: 90, weightDecay: 5e-4f);
}
