using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// Inception-v4 (Szegedy, Ioffe, Vanhoucke and Alemi, "Inception-v4, Inception-ResNet and the impact of residual connections on learning",
/// 2017): four modules of each of three kinds more uniform than those of <see cref="InceptionV3"/>, with a stem and two reductions of
/// their own. Images of 299x299x3 shrink to 35x35x384, 17x17x1024 and 8x8x1536.
/// </summary>
/// <remarks>
/// Every convolution is followed by batch normalisation with epsilon 0.001 and a rectifier. Layers have the names of published weights, in
/// which numbers count the layers: <c>features.6.branch0.conv</c> is a convolution of the first module.
/// </remarks>
public static class InceptionV4
{
    /// <summary>What the catalogue says of this network.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new(
            "inception-v4",
            "Inception-v4: 14 modules of factorised convolutions",
            new Origin(InceptionResNetV2.Paper, 2016, [299, 299, 3], 1000),
            Create,
            TrainingRecipe.OfImageNet(learningRate: 0.045f, batchSize: 32, epochs: 160, weightDecay: 4e-5f))
        {
            MinimumInput = [75, 75, 3],
            ImageNetAccuracy = PublishedAccuracy.OfErrors(20.0, 5.0, "table 2, one crop"),
        },
    ];

    /// <summary>Builds it. With 1000 classes it has 42,679,816 parameters.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 299x299x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create(Shape? input = null, int classes = 1000, double width = 1)
    {
        WidthMultiplier widths = new(width);
        Modules modules = new(widths);
        SymbolicTensor x = modules.Stem(Network.Input(input ?? [299, 299, 3]));
        for (int i = 6; i < 10; i++)
        {
            x = modules.A(x, Invariant($"features.{i}"));
        }

        x = modules.ReduceA(x, "features.10");
        for (int i = 11; i < 18; i++)
        {
            x = modules.B(x, Invariant($"features.{i}"));
        }

        x = modules.ReduceB(x, "features.18");
        for (int i = 19; i < 22; i++)
        {
            x = modules.C(x, Invariant($"features.{i}"));
        }

        return x.Classify(classes, "last_linear", dropout: 0.2f).ToNetwork("inception-v4");
    }

    /// <summary>The modules; averages are over the elements inside the image.</summary>
    private sealed record Modules(WidthMultiplier Widths)
    {
        /// <summary>The paper's figure 3.</summary>
        public SymbolicTensor Stem(SymbolicTensor x)
        {
            x = x.Inception("features.0", Widths.Of(32), 3, stride: 2);
            x = Conv(Conv(x, "features.1", 32, 3), "features.2", 64, 3, 1);
            x = x.MaxPool(3, stride: 2).Concat(x.Inception("features.3.conv", Widths.Of(96), 3, stride: 2));
            SymbolicTensor shorter = Conv(Conv(x, "features.4.branch0.0", 64, 1), "features.4.branch0.1", 96, 3);
            SymbolicTensor longer = Row(Conv(x, "features.4.branch1.0", 64, 1), "features.4.branch1.1", 64, 7);
            longer = Conv(Column(longer, "features.4.branch1.2", 64, 7), "features.4.branch1.3", 96, 3);
            x = shorter.Concat(longer);
            return x.Inception("features.5.conv", Widths.Of(192), 3, stride: 2).Concat(x.MaxPool(3, stride: 2));
        }

        /// <summary>The paper's figure 4, on 35x35.</summary>
        public SymbolicTensor A(SymbolicTensor x, string name)
        {
            SymbolicTensor one = Conv(x, $"{name}.branch0", 96, 1);
            SymbolicTensor three = Conv(Conv(x, $"{name}.branch1.0", 64, 1), $"{name}.branch1.1", 96, 3, 1);
            SymbolicTensor twice = Conv(Conv(x, $"{name}.branch2.0", 64, 1), $"{name}.branch2.1", 96, 3, 1);
            return one.Concat(three, Conv(twice, $"{name}.branch2.2", 96, 3, 1), Pooled(x, name, 96));
        }

        /// <summary>The paper's figure 7 with the filters of its table 1: from 35x35 to 17x17.</summary>
        public SymbolicTensor ReduceA(SymbolicTensor x, string name)
        {
            SymbolicTensor three = x.Inception($"{name}.branch0", Widths.Of(384), 3, stride: 2);
            SymbolicTensor twice = Conv(Conv(x, $"{name}.branch1.0", 192, 1), $"{name}.branch1.1", 224, 3, 1);
            return three.Concat(twice.Inception($"{name}.branch1.2", Widths.Of(256), 3, stride: 2), x.MaxPool(3, stride: 2));
        }

        /// <summary>The paper's figure 5, on 17x17.</summary>
        public SymbolicTensor B(SymbolicTensor x, string name)
        {
            SymbolicTensor one = Conv(x, $"{name}.branch0", 384, 1);
            SymbolicTensor seven = Row(Conv(x, $"{name}.branch1.0", 192, 1), $"{name}.branch1.1", 224, 7);
            seven = Column(seven, $"{name}.branch1.2", 256, 7);
            SymbolicTensor twice = Column(Conv(x, $"{name}.branch2.0", 192, 1), $"{name}.branch2.1", 192, 7);
            twice = Column(Row(twice, $"{name}.branch2.2", 224, 7), $"{name}.branch2.3", 224, 7);
            return one.Concat(seven, Row(twice, $"{name}.branch2.4", 256, 7), Pooled(x, name, 128));
        }

        /// <summary>The paper's figure 8: from 17x17 to 8x8.</summary>
        public SymbolicTensor ReduceB(SymbolicTensor x, string name)
        {
            SymbolicTensor three = Conv(x, $"{name}.branch0.0", 192, 1).Inception($"{name}.branch0.1", Widths.Of(192), 3, stride: 2);
            SymbolicTensor seven = Row(Conv(x, $"{name}.branch1.0", 256, 1), $"{name}.branch1.1", 256, 7);
            seven = Column(seven, $"{name}.branch1.2", 320, 7);
            return three.Concat(seven.Inception($"{name}.branch1.3", Widths.Of(320), 3, stride: 2), x.MaxPool(3, stride: 2));
        }

        /// <summary>The paper's figure 6, on 8x8.</summary>
        public SymbolicTensor C(SymbolicTensor x, string name)
        {
            SymbolicTensor one = Conv(x, $"{name}.branch0", 256, 1);
            SymbolicTensor three = Conv(x, $"{name}.branch1_0", 384, 1);
            SymbolicTensor threes = Row(three, $"{name}.branch1_1a", 256, 3).Concat(Column(three, $"{name}.branch1_1b", 256, 3));
            SymbolicTensor twice = Column(Conv(x, $"{name}.branch2_0", 384, 1), $"{name}.branch2_1", 448, 3);
            twice = Row(twice, $"{name}.branch2_2", 512, 3);
            SymbolicTensor twices = Row(twice, $"{name}.branch2_3a", 256, 3).Concat(Column(twice, $"{name}.branch2_3b", 256, 3));
            return one.Concat(threes, twices, Pooled(x, name, 256));
        }

        private SymbolicTensor Conv(SymbolicTensor x, string name, int filters, int kernelSize, int padding = 0) =>
            x.Inception(name, Widths.Of(filters), kernelSize, padding: padding);

        private SymbolicTensor Row(SymbolicTensor x, string name, int filters, int length) =>
            x.Inception(name, Widths.Of(filters), (1, length), padding: Padding.Symmetric(0, length / 2));

        private SymbolicTensor Column(SymbolicTensor x, string name, int filters, int length) =>
            x.Inception(name, Widths.Of(filters), (length, 1), padding: Padding.Symmetric(length / 2, 0));

        private SymbolicTensor Pooled(SymbolicTensor x, string name, int filters) =>
            Conv(x.AvgPool(3, stride: 1, padding: 1), $"{name}.branch3.1", filters, 1);
    }
}
