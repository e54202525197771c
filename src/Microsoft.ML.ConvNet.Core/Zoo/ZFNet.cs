using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// ZFNet (Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014, its figure 3): AlexNet with a first convolution
/// of 7x7 at stride 2 in place of 11x11 at stride 4, which what its filters had learnt had asked for. The paper's contrast normalisation is
/// local response normalisation here, as in AlexNet. With images of 224x224x3 and 1000 classes it has 62,357,608 parameters.
/// </summary>
public static class ZFNet
{
    /// <summary>What the catalogue says of this network.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new(
            "zfnet",
            "ZFNet: AlexNet with smaller windows and strides in its first two convolutions",
            Origin.OfImageNet("Zeiler and Fergus, \"Visualizing and understanding convolutional networks\", 2014", 2013),
            Create,
            TrainingRecipe.OfImageNet(learningRate: 0.01f, batchSize: 128, epochs: 70, weightDecay: 5e-4f))
        {
            MinimumInput = [53, 53, 3],
            ImageNetAccuracy = PublishedAccuracy.OfErrors(38.4, 16.5, "table 2, one network as in figure 3, 10 crops"),
        },
    ];

    /// <summary>
    /// Builds it. Images of 224x224 shrink to 110x110x96, 55x55x96, 26x26x256, 13x13x256, 13x13x384 twice, 13x13x256 and 6x6x256.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels and units as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">The image is smaller than 53x53, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create(Shape? input = null, int classes = 1000, double width = 1)
    {
        WidthMultiplier widths = new(width);
        return Network.Input(input ?? [224, 224, 3])
            .Conv(widths.Of(96), 7, stride: 2, padding: 1, name: "conv1").Relu()
            .MaxPool(3, stride: 2, padding: 1, name: "pool1").ChannelNormalization("norm1")
            .Conv(widths.Of(256), 5, stride: 2, name: "conv2").Relu()
            .MaxPool(3, stride: 2, padding: 1, name: "pool2").ChannelNormalization("norm2")
            .Conv(widths.Of(384), 3, padding: 1, name: "conv3").Relu()
            .Conv(widths.Of(384), 3, padding: 1, name: "conv4").Relu()
            .Conv(widths.Of(256), 3, padding: 1, name: "conv5").Relu().MaxPool(3, stride: 2, name: "pool5")
            .Flatten()
            .Dense(widths.Of(4096), name: "fc6").Relu().Dropout()
            .Dense(widths.Of(4096), name: "fc7").Relu().Dropout()
            .Dense(classes, initialization: Initialization.GlorotUniform, name: "fc8").Softmax()
            .ToNetwork("zfnet");
    }
}
