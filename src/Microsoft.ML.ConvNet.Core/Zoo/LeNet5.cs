using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// LeNet-5 (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998): two convolutions of
/// 5x5 with 6 and 16 filters, each followed by pooling, then fully connected layers of 120, 84 and the number of classes. With images of
/// 28x28x1 and 10 classes it has 61,706 parameters.
/// </summary>
public static class LeNet5
{
    private const int OriginalSize = 32;

    private const string Paper = "LeCun, Bottou, Bengio and Haffner, \"Gradient-based learning applied to document recognition\", 1998";

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new(
            "lenet5",
            "LeNet-5 with rectifiers and max pooling: small and quick, for digits and other simple images",
            new Origin(Paper, 1998, [28, 28, 1], 10),
            Create,
            new TrainingRecipe(RecipeOptimizer.AdamW, LearningRate: 0.003f, BatchSize: 64, Epochs: 5) { DecayEpochs = 6, MinimumSteps = 700 })
        {
            MinimumInput = [12, 12, 1],
        },
        new(
            "lenet5-1998",
            "LeNet-5 in the form of 1998, with tanh and average pooling",
            new Origin(Paper, 1998, [OriginalSize, OriginalSize, 1], 10),
            Create1998,
            new TrainingRecipe(RecipeOptimizer.Adam, LearningRate: 0.002f, BatchSize: 64, Epochs: 6))
        {
            MinimumInput = [12, 12, 1],
        },
    ];

    /// <summary>
    /// LeNet-5 as it is built today: rectifiers and max pooling. The first convolution has padding 2, so that it keeps the image's size.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 28x28x1 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels and units as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create(Shape? input = null, int classes = 10, double width = 1)
    {
        WidthMultiplier widths = new(width);
        return Network.Input(input ?? [28, 28, 1])
            .Conv(widths.Of(6), 5, padding: 2).Relu().MaxPool(2)
            .Conv(widths.Of(16), 5).Relu().MaxPool(2)
            .Flatten()
            .Dense(widths.Of(120)).Relu()
            .Dense(widths.Of(84)).Relu()
            .Dense(classes, initialization: Initialization.GlorotUniform).Softmax()
            .ToNetwork("lenet5");
    }

    /// <summary>
    /// LeNet-5 in the form of 1998: tanh and average pooling, on images of 32x32. A smaller image gets padding 2 at the first convolution,
    /// as the paper laid digits of 28x28 on a field of 32x32; a larger one gets none. In place of the paper's sparse second convolution,
    /// its trained pooling, its scaled tanh and its radial basis outputs stand what replaced them: full connections, the plain mean,
    /// tanh, and softmax.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 32x32x1 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels and units as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create1998(Shape? input = null, int classes = 10, double width = 1)
    {
        WidthMultiplier widths = new(width);
        const Initialization Glorot = Initialization.GlorotUniform;
        Shape images = input ?? [OriginalSize, OriginalSize, 1];
        Padding padding = images.Height < OriginalSize || images.Width < OriginalSize ? 2 : 0;
        return Network.Input(images)
            .Conv(widths.Of(6), 5, padding: padding, initialization: Glorot).Tanh().AvgPool(2)
            .Conv(widths.Of(16), 5, initialization: Glorot).Tanh().AvgPool(2)
            .Flatten()
            .Dense(widths.Of(120), initialization: Glorot).Tanh()
            .Dense(widths.Of(84), initialization: Glorot).Tanh()
            .Dense(classes, initialization: Glorot).Softmax()
            .ToNetwork("lenet5-1998");
    }
}
