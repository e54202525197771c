using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// The network of many first lessons on digits: two convolutions of 3x3 with 32 filters that keep the size, each followed by max
/// pooling, then fully connected layers of 500 and the number of classes. With images of 28x28x1 and 10 classes it has 799,078
/// parameters.
/// </summary>
public static class MnistConvNet
{
    /// <summary>What the catalogue says of this network.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new(
            "mnist-convnet",
            "Two convolutions of 3x3 with 32 filters and a fully connected layer of 500",
            new Origin("TensorFlow's first lesson on convolutional networks for MNIST", 2016, [28, 28, 1], 10),
            Create,
            new TrainingRecipe(RecipeOptimizer.Adam, LearningRate: 0.001f, BatchSize: 64, Epochs: 3))
        {
            MinimumInput = [4, 4, 1],
        },
    ];

    /// <summary>Builds it.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 28x28x1 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels and units as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create(Shape? input = null, int classes = 10, double width = 1)
    {
        WidthMultiplier widths = new(width);
        return Network.Input(input ?? [28, 28, 1])
            .Conv(widths.Of(32), 3, padding: 1).Relu().MaxPool(2)
            .Conv(widths.Of(32), 3, padding: 1).Relu().MaxPool(2)
            .Flatten()
            .Dense(widths.Of(500)).Relu()
            .Dense(classes, initialization: Initialization.GlorotUniform).Softmax()
            .ToNetwork("mnist-convnet");
    }
}
