using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// GoogLeNet (Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke and Rabinovich, "Going deeper with convolutions", 2015): nine
/// inception modules, each of four branches side by side: 1x1, 3x3 behind a 1x1, 5x5 behind a 1x1, and 1x1 behind max pooling. Images of
/// 224x224x3 shrink to 112x112x64, 56x56x192, 28x28x480, 14x14x832 and 7x7x1024.
/// </summary>
/// <remarks>
/// It stands here in the paper's form and in that of published weights, with batch normalisation, whose names its layers have:
/// <c>inception3a.branch2.1.conv</c> is the 3x3 of the first module. torchvision's published weights want pixels normalised by
/// <see cref="Data.PixelNormalization.TransformInput"/>.
/// </remarks>
public static class GoogLeNet
{
    private const float AuxiliaryWeight = 0.3f;

    private static readonly Module[] Modules =
    [
        new("inception3a", 64, 96, 128, 16, 32, 32),
        new("inception3b", 128, 128, 192, 32, 96, 64),
        new("inception4a", 192, 96, 208, 16, 48, 64),
        new("inception4b", 160, 112, 224, 24, 64, 64),
        new("inception4c", 128, 128, 256, 24, 64, 64),
        new("inception4d", 112, 144, 288, 32, 64, 64),
        new("inception4e", 256, 160, 320, 32, 128, 128),
        new("inception5a", 256, 160, 320, 32, 128, 128),
        new("inception5b", 384, 192, 384, 48, 128, 128),
    ];

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new(
            "googlenet-2014",
            "GoogLeNet as in its paper: nine inception modules, local response normalisation",
            Origin(),
            (input, classes, width) => CreatePaper(input, classes, width),
            Recipe())
        {
            MinimumInput = [47, 47, 3],
            ImageNetAccuracy = PublishedAccuracy.OfErrors(null, 10.07, "table 3, one network, one crop"),
        },
        new(
            "googlenet-2014-aux",
            "GoogLeNet as in its paper, with its two auxiliary classifiers",
            Origin(),
            (input, classes, width) => CreatePaper(input, classes, width, auxiliary: true),
            Recipe())
        {
            MinimumInput = [79, 79, 3],
        },
        new(
            "googlenet",
            "GoogLeNet with batch normalisation and 3x3 in place of 5x5, as published weights have it",
            Origin(),
            (input, classes, width) => Create(input, classes, width),
            Recipe())
        {
            MinimumInput = [31, 31, 3],
            ImageNetAccuracy = new PublishedAccuracy(69.778, 89.53, "torchvision's weights, one crop"),
        },
        new(
            "googlenet-aux",
            "GoogLeNet with batch normalisation and its two auxiliary classifiers",
            Origin(),
            (input, classes, width) => Create(input, classes, width, auxiliary: true),
            Recipe())
        {
            MinimumInput = [31, 31, 3],
        },
        new(
            "googlenet-5x5",
            "GoogLeNet with batch normalisation and the paper's 5x5",
            Origin(),
            (input, classes, width) => Create(input, classes, width, trueFiveByFive: true),
            Recipe())
        {
            MinimumInput = [31, 31, 3],
        },
    ];

    /// <summary>
    /// The form with batch normalisation. With images of 224x224x3 and 1000 classes it has 6,624,904 parameters, with auxiliary classifiers
    /// 13,004,888, and with the paper's 5x5 7,005,832.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <param name="auxiliary">
    /// Whether two more classifiers, behind the modules 4a and 4d, take part in training, with 0.3 of their losses.
    /// </param>
    /// <param name="trueFiveByFive">Whether the third branches have the paper's 5x5; published weights have a 3x3 there.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create(
        Shape? input = null, int classes = 1000, double width = 1, bool auxiliary = false, bool trueFiveByFive = false)
    {
        WidthMultiplier widths = new(width);
        Units units = new(widths, HasBatchNorm: true, FiveByFive: trueFiveByFive ? 5 : 3);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3]);
        x = units.Conv(x, "conv1", 64, 7, stride: 2, padding: 3).MaxPool(3, stride: 2, ceiling: true);
        x = units.Conv(x, "conv2", 64, 1);
        x = units.Conv(x, "conv3", 192, 3, padding: 1).MaxPool(3, stride: 2, ceiling: true);
        string name = (auxiliary, trueFiveByFive) switch
        {
            (false, false) => "googlenet",
            (true, false) => "googlenet-aux",
            (false, true) => "googlenet-5x5",
            _ => "googlenet-5x5-aux",
        };
        return Inceptions(x, units, lastPool: 2, classes, lastDropout: 0.2f, auxiliary, name);
    }

    /// <summary>
    /// The paper's form, its table 1: 5x5 convolutions, no batch normalisation, local response normalisation before the second and behind
    /// the third convolution. With images of 224x224x3 and 1000 classes it has 6,998,552 parameters without auxiliary classifiers.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <param name="auxiliary">
    /// Whether two more classifiers, behind the modules 4a and 4d, take part in training, with 0.3 of their losses.
    /// </param>
    public static Network CreatePaper(Shape? input = null, int classes = 1000, double width = 1, bool auxiliary = false)
    {
        WidthMultiplier widths = new(width);
        Units units = new(widths, HasBatchNorm: false, FiveByFive: 5);
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3]);
        x = units.Conv(x, "conv1", 64, 7, stride: 2, padding: 3).MaxPool(3, stride: 2, ceiling: true).ChannelNormalization("norm1");
        x = units.Conv(x, "conv2", 64, 1);
        x = units.Conv(x, "conv3", 192, 3, padding: 1).ChannelNormalization("norm2").MaxPool(3, stride: 2, ceiling: true);
        string name = auxiliary ? "googlenet-2014-aux" : "googlenet-2014";
        return Inceptions(x, units, lastPool: 3, classes, lastDropout: 0.4f, auxiliary, name);
    }

    private static Network Inceptions(
        SymbolicTensor x, Units units, int lastPool, int classes, float lastDropout, bool auxiliary, string name)
    {
        List<(SymbolicTensor Output, float Weight)> auxiliaries = [];
        foreach (Module module in Modules)
        {
            x = module.Name switch
            {
                "inception4a" => x.MaxPool(3, stride: 2, ceiling: true),
                "inception5a" => x.MaxPool(lastPool, stride: 2, ceiling: true),
                _ => x,
            };
            x = units.Inception(x, module);
            if (auxiliary && module.Name is "inception4a" or "inception4d")
            {
                auxiliaries.Add((units.Auxiliary(x, Invariant($"aux{auxiliaries.Count + 1}"), classes), AuxiliaryWeight));
            }
        }

        SymbolicTensor output = x.Classify(classes, "fc", lastDropout);
        return auxiliary ? output.ToNetwork(name, auxiliaries) : output.ToNetwork(name);
    }

    private static Origin Origin() => Zoo.Origin.OfImageNet(
        "Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke and Rabinovich, \"Going deeper with convolutions\", 2015", 2014);

    private static TrainingRecipe Recipe() =>
        TrainingRecipe.OfImageNet(learningRate: 0.01f, batchSize: 32, epochs: 90, weightDecay: 2e-4f);

    /// <summary>A row of the paper's table 1: the filters of a module's convolutions.</summary>
    private sealed record Module(string Name, int One, int Reduce3, int Three, int Reduce5, int Five, int Pool);

    /// <summary>What the form's layers are made of.</summary>
    private sealed record Units(WidthMultiplier Widths, bool HasBatchNorm, int FiveByFive)
    {
        public SymbolicTensor Conv(SymbolicTensor x, string name, int filters, int kernelSize, int stride = 1, int padding = 0) =>
            HasBatchNorm
                ? x.Inception(name, Widths.Of(filters), kernelSize, stride, padding)
                : x.Conv(Widths.Of(filters), kernelSize, stride, padding, name: $"{name}.conv").Relu();

        public SymbolicTensor Inception(SymbolicTensor x, Module module)
        {
            string name = module.Name;
            SymbolicTensor one = Conv(x, $"{name}.branch1", module.One, 1);
            SymbolicTensor three = Conv(Conv(x, $"{name}.branch2.0", module.Reduce3, 1), $"{name}.branch2.1", module.Three, 3, padding: 1);
            SymbolicTensor five = Conv(
                Conv(x, $"{name}.branch3.0", module.Reduce5, 1), $"{name}.branch3.1", module.Five, FiveByFive, padding: FiveByFive / 2);
            SymbolicTensor pool = Conv(x.MaxPool(3, stride: 1, padding: 1), $"{name}.branch4.1", module.Pool, 1);
            return one.Concat(three, five, pool);
        }

        /// <summary>
        /// A classifier on a module's output: means over parts of the image, a convolution of 1x1, and two fully connected layers. The
        /// paper's means are over windows of 5x5 at stride 3, those of published weights over 4x4 parts of any image.
        /// </summary>
        public SymbolicTensor Auxiliary(SymbolicTensor x, string name, int classes) =>
            Conv(HasBatchNorm ? x.AdaptiveAvgPool(4) : x.AvgPool(5, stride: 3), $"{name}.conv", 128, 1)
                .Flatten()
                .Dense(Widths.Of(1024), name: $"{name}.fc1").Relu().Dropout(0.7f)
                .Dense(classes, initialization: Initialization.GlorotUniform, name: $"{name}.fc2").Softmax();
    }
}
