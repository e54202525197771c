using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// The network of ConvNetJS's CIFAR-10 demonstration (Karpathy, 2014), which learns in a browser: three convolutions of 5x5 with 16, 20
/// and 20 filters, each followed by a rectifier and max pooling of 2x2, and one fully connected layer. With images of 32x32x3 and 10
/// classes it has 22,466 parameters.
/// </summary>
public static class ConvNetJSCifar10
{
    /// <summary>What the catalogue says of this network.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new(
            "convnetjs-cifar10",
            "ConvNetJS's network for CIFAR-10: three convolutions of 5x5 and a fully connected layer",
            Origin.OfCifar10("Karpathy, \"ConvNetJS: deep learning in your browser\", 2014", 2014),
            Create,
            new TrainingRecipe(RecipeOptimizer.Adam, LearningRate: 0.001f, BatchSize: 64, Epochs: 20))
        {
            MinimumInput = [8, 8, 3],
        },
    ];

    /// <summary>Builds it. Images of 32x32x3 shrink to 16x16x16, 8x8x20 and 4x4x20.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 32x32x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">The image is smaller than 8x8, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create(Shape? input = null, int classes = 10, double width = 1)
    {
        WidthMultiplier widths = new(width);
        return Network.Input(input ?? [32, 32, 3])
            .Conv(widths.Of(16), 5, padding: 2).Relu().MaxPool(2)
            .Conv(widths.Of(20), 5, padding: 2).Relu().MaxPool(2)
            .Conv(widths.Of(20), 5, padding: 2).Relu().MaxPool(2)
            .Flatten()
            .Dense(classes, initialization: Initialization.GlorotUniform).Softmax()
            .ToNetwork("convnetjs-cifar10");
    }
}
