using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// Inception-ResNet-v2 (Szegedy, Ioffe, Vanhoucke and Alemi, "Inception-v4, Inception-ResNet and the impact of residual connections on
/// learning", 2017): inception modules as the branch of residual blocks, whose output is scaled down before it is added, and without batch
/// normalisation behind its last convolution. Images of 299x299x3 shrink to 35x35x320, 17x17x1088 and 8x8x2080. It is built as its
/// published weights are, whose stem is that of <see cref="InceptionV3"/> and a module.
/// </summary>
/// <remarks>Batch normalisation has epsilon 0.001. Layers have the names of those weights in PyTorch.</remarks>
public static class InceptionResNetV2
{
    /// <summary>Where it and <see cref="InceptionV4"/> come from.</summary>
    internal const string Paper = "Szegedy, Ioffe, Vanhoucke and Alemi, "
        + "\"Inception-v4, Inception-ResNet and the impact of residual connections on learning\", 2017";

    /// <summary>What the catalogue says of this network.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new(
            "inception-resnet-v2",
            "Inception-ResNet-v2: 40 residual blocks of inception branches",
            new Origin(Paper, 2016, [299, 299, 3], 1000),
            Create,
            TrainingRecipe.OfImageNet(learningRate: 0.045f, batchSize: 32, epochs: 160, weightDecay: 4e-5f))
        {
            MinimumInput = [75, 75, 3],
            ImageNetAccuracy = PublishedAccuracy.OfErrors(19.9, 4.9, "table 2, one crop"),
        },
    ];

    /// <summary>Builds it. With 1000 classes it has 55,843,464 parameters.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 299x299x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create(Shape? input = null, int classes = 1000, double width = 1)
    {
        WidthMultiplier widths = new(width);
        Modules modules = new(widths);
        SymbolicTensor x = Network.Input(input ?? [299, 299, 3])
            .Inception("conv2d_1a", widths.Of(32), 3, stride: 2)
            .Inception("conv2d_2a", widths.Of(32), 3)
            .Inception("conv2d_2b", widths.Of(64), 3, padding: 1)
            .MaxPool(3, stride: 2)
            .Inception("conv2d_3b", widths.Of(80), 1)
            .Inception("conv2d_4a", widths.Of(192), 3)
            .MaxPool(3, stride: 2);
        x = modules.Stem(x, "mixed_5b");
        for (int i = 0; i < 10; i++)
        {
            x = modules.A(x, Invariant($"repeat.{i}")).Relu();
        }

        x = modules.ReduceA(x, "mixed_6a");
        for (int i = 0; i < 20; i++)
        {
            x = modules.B(x, Invariant($"repeat_1.{i}")).Relu();
        }

        x = modules.ReduceB(x, "mixed_7a");
        for (int i = 0; i < 9; i++)
        {
            x = modules.C(x, Invariant($"repeat_2.{i}"), scale: 0.2f).Relu();
        }

        return modules.C(x, "block8", scale: 1)
            .Inception("conv2d_7b", widths.Of(1536), 1)
            .Classify(classes, "classif", dropout: 0.2f)
            .ToNetwork("inception-resnet-v2");
    }

    /// <summary>The modules; averages are over the elements inside the image.</summary>
    private sealed record Modules(WidthMultiplier Widths)
    {
        public SymbolicTensor Stem(SymbolicTensor x, string name)
        {
            SymbolicTensor one = Conv(x, $"{name}.branch0", 96, 1);
            SymbolicTensor five = Conv(Conv(x, $"{name}.branch1.0", 48, 1), $"{name}.branch1.1", 64, 5, 2);
            SymbolicTensor twice = Conv(Conv(x, $"{name}.branch2.0", 64, 1), $"{name}.branch2.1", 96, 3, 1);
            SymbolicTensor pool = Conv(x.AvgPool(3, stride: 1, padding: 1), $"{name}.branch3.1", 64, 1);
            return one.Concat(five, Conv(twice, $"{name}.branch2.2", 96, 3, 1), pool);
        }

        /// <summary>The paper's figure 16, on 35x35.</summary>
        public SymbolicTensor A(SymbolicTensor x, string name)
        {
            SymbolicTensor one = Conv(x, $"{name}.branch0", 32, 1);
            SymbolicTensor three = Conv(Conv(x, $"{name}.branch1.0", 32, 1), $"{name}.branch1.1", 32, 3, 1);
            SymbolicTensor twice = Conv(Conv(x, $"{name}.branch2.0", 32, 1), $"{name}.branch2.1", 48, 3, 1);
            return Residual(x, one.Concat(three, Conv(twice, $"{name}.branch2.2", 64, 3, 1)), name, 0.17f);
        }

        /// <summary>The paper's figure 7 with the filters of its table 1: from 35x35 to 17x17.</summary>
        public SymbolicTensor ReduceA(SymbolicTensor x, string name)
        {
            SymbolicTensor three = x.Inception($"{name}.branch0", Widths.Of(384), 3, stride: 2);
            SymbolicTensor twice = Conv(Conv(x, $"{name}.branch1.0", 256, 1), $"{name}.branch1.1", 256, 3, 1);
            return three.Concat(twice.Inception($"{name}.branch1.2", Widths.Of(384), 3, stride: 2), x.MaxPool(3, stride: 2));
        }

        /// <summary>The paper's figure 17, on 17x17.</summary>
        public SymbolicTensor B(SymbolicTensor x, string name)
        {
            SymbolicTensor one = Conv(x, $"{name}.branch0", 192, 1);
            SymbolicTensor seven = Row(Conv(x, $"{name}.branch1.0", 128, 1), $"{name}.branch1.1", 160, 7);
            return Residual(x, one.Concat(Column(seven, $"{name}.branch1.2", 192, 7)), name, 0.1f);
        }

        /// <summary>The paper's figure 18: from 17x17 to 8x8.</summary>
        public SymbolicTensor ReduceB(SymbolicTensor x, string name)
        {
            SymbolicTensor wide = Conv(x, $"{name}.branch0.0", 256, 1).Inception($"{name}.branch0.1", Widths.Of(384), 3, stride: 2);
            SymbolicTensor narrow = Conv(x, $"{name}.branch1.0", 256, 1).Inception($"{name}.branch1.1", Widths.Of(288), 3, stride: 2);
            SymbolicTensor twice = Conv(Conv(x, $"{name}.branch2.0", 256, 1), $"{name}.branch2.1", 288, 3, 1)
                .Inception($"{name}.branch2.2", Widths.Of(320), 3, stride: 2);
            return wide.Concat(narrow, twice, x.MaxPool(3, stride: 2));
        }

        /// <summary>The paper's figure 19, on 8x8; the last one's branch is not scaled, and no rectifier follows it.</summary>
        public SymbolicTensor C(SymbolicTensor x, string name, float scale)
        {
            SymbolicTensor one = Conv(x, $"{name}.branch0", 192, 1);
            SymbolicTensor three = Row(Conv(x, $"{name}.branch1.0", 192, 1), $"{name}.branch1.1", 224, 3);
            return Residual(x, one.Concat(Column(three, $"{name}.branch1.2", 256, 3)), name, scale);
        }

        private static SymbolicTensor Residual(SymbolicTensor x, SymbolicTensor branches, string name, float scale)
        {
            SymbolicTensor branch = branches.Conv(x.Shape.Channels, 1, name: $"{name}.conv2d");
            return (scale == 1 ? branch : branch.Scale(scale)).Add(x);
        }

        private SymbolicTensor Conv(SymbolicTensor x, string name, int filters, int kernelSize, int padding = 0) =>
            x.Inception(name, Widths.Of(filters), kernelSize, padding: padding);

        private SymbolicTensor Row(SymbolicTensor x, string name, int filters, int length) =>
            x.Inception(name, Widths.Of(filters), (1, length), padding: Padding.Symmetric(0, length / 2));

        private SymbolicTensor Column(SymbolicTensor x, string name, int filters, int length) =>
            x.Inception(name, Widths.Of(filters), (length, 1), padding: Padding.Symmetric(length / 2, 0));
    }
}
