using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// Inception-v3 (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the Inception architecture for computer vision", 2016): inception
/// modules whose 5x5 are two 3x3, whose 7x7 are a 1x7 and a 7x1, and that halve the image with convolutions and pooling side by side.
/// Images of 299x299x3 shrink to 35x35x192 and then through modules to 35x35x288, 17x17x768 and 8x8x2048.
/// </summary>
/// <remarks>
/// Every convolution is followed by batch normalisation with epsilon 0.001 and a rectifier. Layers have the names of published weights:
/// <c>Mixed_5b.branch5x5_1.conv</c> is a convolution of the first module. torchvision's published weights want pixels normalised by
/// <see cref="Data.PixelNormalization.TransformInput"/>.
/// </remarks>
public static class InceptionV3
{
    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Of("inception-v3", "Inception-v3: 11 modules of factorised convolutions", auxiliary: false, 75),
        Of("inception-v3-aux", "Inception-v3 with its auxiliary classifier", auxiliary: true, 299),
    ];

    /// <summary>Builds it. With 1000 classes it has 23,834,568 parameters, with the auxiliary classifier 27,161,264.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 299x299x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <param name="auxiliary">
    /// Whether one more classifier, behind the last module of 17x17, takes part in training, with 0.3 of its loss.
    /// </param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public static Network Create(Shape? input = null, int classes = 1000, double width = 1, bool auxiliary = false)
    {
        WidthMultiplier widths = new(width);
        Modules modules = new(widths);
        SymbolicTensor x = Network.Input(input ?? [299, 299, 3])
            .Inception("Conv2d_1a_3x3", widths.Of(32), 3, stride: 2)
            .Inception("Conv2d_2a_3x3", widths.Of(32), 3)
            .Inception("Conv2d_2b_3x3", widths.Of(64), 3, padding: 1)
            .MaxPool(3, stride: 2)
            .Inception("Conv2d_3b_1x1", widths.Of(80), 1)
            .Inception("Conv2d_4a_3x3", widths.Of(192), 3)
            .MaxPool(3, stride: 2);
        x = modules.A(x, "Mixed_5b", poolFilters: 32);
        x = modules.A(x, "Mixed_5c", poolFilters: 64);
        x = modules.A(x, "Mixed_5d", poolFilters: 64);
        x = modules.ReduceA(x, "Mixed_6a");
        x = modules.B(x, "Mixed_6b", inner: 128);
        x = modules.B(x, "Mixed_6c", inner: 160);
        x = modules.B(x, "Mixed_6d", inner: 160);
        x = modules.B(x, "Mixed_6e", inner: 192);
        SymbolicTensor? second = auxiliary ? Auxiliary(x, widths, classes) : null;
        x = modules.ReduceB(x, "Mixed_7a");
        x = modules.C(x, "Mixed_7b");
        x = modules.C(x, "Mixed_7c");
        SymbolicTensor output = x.Classify(classes, "fc", dropout: 0.5f);
        return second is null
            ? output.ToNetwork("inception-v3")
            : output.ToNetwork("inception-v3-aux", [(second, 0.3f)]);
    }

    private static SymbolicTensor Auxiliary(SymbolicTensor x, WidthMultiplier widths, int classes) => x
        .AvgPool(5, stride: 3)
        .Inception("AuxLogits.conv0", widths.Of(128), 1)
        .Inception("AuxLogits.conv1", widths.Of(768), 5)
        .Classify(classes, "AuxLogits.fc");

    private static Architecture Of(string name, string description, bool auxiliary, int minimumSize)
    {
        return new Architecture(
            name,
            description,
            new Origin(
                "Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, \"Rethinking the Inception architecture for computer vision\", 2016",
                2015,
                [299, 299, 3],
                1000),
            (input, classes, width) => Create(input, classes, width, auxiliary),
            TrainingRecipe.OfImageNet(learningRate: 0.045f, batchSize: 32, epochs: 100, weightDecay: 4e-5f))
        {
            MinimumInput = [minimumSize, minimumSize, 3],
            ImageNetAccuracy = auxiliary ? PublishedAccuracy.OfErrors(21.2, 5.6, "table 3, one crop") : null,
        };
    }

    /// <summary>The modules; averages count the padding, as with published weights.</summary>
    private sealed record Modules(WidthMultiplier Widths)
    {
        /// <summary>The paper's figure 5: 1x1, 5x5, two 3x3, and 1x1 behind a mean.</summary>
        public SymbolicTensor A(SymbolicTensor x, string name, int poolFilters)
        {
            SymbolicTensor one = Conv(x, $"{name}.branch1x1", 64, 1);
            SymbolicTensor five = Conv(Conv(x, $"{name}.branch5x5_1", 48, 1), $"{name}.branch5x5_2", 64, 5, 2);
            SymbolicTensor twice = Conv(x, $"{name}.branch3x3dbl_1", 64, 1);
            twice = Conv(twice, $"{name}.branch3x3dbl_2", 96, 3, 1);
            twice = Conv(twice, $"{name}.branch3x3dbl_3", 96, 3, 1);
            return one.Concat(five, twice, Pooled(x, name, poolFilters));
        }

        /// <summary>From 35x35 to 17x17, as in the paper's figure 10.</summary>
        public SymbolicTensor ReduceA(SymbolicTensor x, string name)
        {
            SymbolicTensor three = x.Inception($"{name}.branch3x3", Widths.Of(384), 3, stride: 2);
            SymbolicTensor twice = Conv(x, $"{name}.branch3x3dbl_1", 64, 1);
            twice = Conv(twice, $"{name}.branch3x3dbl_2", 96, 3, 1);
            twice = twice.Inception($"{name}.branch3x3dbl_3", Widths.Of(96), 3, stride: 2);
            return three.Concat(twice, x.MaxPool(3, stride: 2));
        }

        /// <summary>The paper's figure 6: 1x1, 7x7 in two factors, 7x7 twice in four, and 1x1 behind a mean.</summary>
        public SymbolicTensor B(SymbolicTensor x, string name, int inner)
        {
            SymbolicTensor one = Conv(x, $"{name}.branch1x1", 192, 1);
            SymbolicTensor seven = Conv(x, $"{name}.branch7x7_1", inner, 1);
            seven = Row(seven, $"{name}.branch7x7_2", inner, 7);
            seven = Column(seven, $"{name}.branch7x7_3", 192, 7);
            SymbolicTensor twice = Conv(x, $"{name}.branch7x7dbl_1", inner, 1);
            twice = Column(twice, $"{name}.branch7x7dbl_2", inner, 7);
            twice = Row(twice, $"{name}.branch7x7dbl_3", inner, 7);
            twice = Column(twice, $"{name}.branch7x7dbl_4", inner, 7);
            twice = Row(twice, $"{name}.branch7x7dbl_5", 192, 7);
            return one.Concat(seven, twice, Pooled(x, name, 192));
        }

        /// <summary>From 17x17 to 8x8.</summary>
        public SymbolicTensor ReduceB(SymbolicTensor x, string name)
        {
            SymbolicTensor three = Conv(x, $"{name}.branch3x3_1", 192, 1);
            three = three.Inception($"{name}.branch3x3_2", Widths.Of(320), 3, stride: 2);
            SymbolicTensor seven = Conv(x, $"{name}.branch7x7x3_1", 192, 1);
            seven = Row(seven, $"{name}.branch7x7x3_2", 192, 7);
            seven = Column(seven, $"{name}.branch7x7x3_3", 192, 7);
            seven = seven.Inception($"{name}.branch7x7x3_4", Widths.Of(192), 3, stride: 2);
            return three.Concat(seven, x.MaxPool(3, stride: 2));
        }

        /// <summary>The paper's figure 7: 1x3 and 3x1 side by side.</summary>
        public SymbolicTensor C(SymbolicTensor x, string name)
        {
            SymbolicTensor one = Conv(x, $"{name}.branch1x1", 320, 1);
            SymbolicTensor three = Conv(x, $"{name}.branch3x3_1", 384, 1);
            SymbolicTensor threes = Row(three, $"{name}.branch3x3_2a", 384, 3).Concat(Column(three, $"{name}.branch3x3_2b", 384, 3));
            SymbolicTensor twice = Conv(Conv(x, $"{name}.branch3x3dbl_1", 448, 1), $"{name}.branch3x3dbl_2", 384, 3, 1);
            SymbolicTensor twices =
                Row(twice, $"{name}.branch3x3dbl_3a", 384, 3).Concat(Column(twice, $"{name}.branch3x3dbl_3b", 384, 3));
            return one.Concat(threes, twices, Pooled(x, name, 192));
        }

        private SymbolicTensor Conv(SymbolicTensor x, string name, int filters, int kernelSize, int padding = 0) =>
            x.Inception(name, Widths.Of(filters), kernelSize, padding: padding);

        private SymbolicTensor Row(SymbolicTensor x, string name, int filters, int length) =>
            x.Inception(name, Widths.Of(filters), (1, length), padding: Padding.Symmetric(0, length / 2));

        private SymbolicTensor Column(SymbolicTensor x, string name, int filters, int length) =>
            x.Inception(name, Widths.Of(filters), (length, 1), padding: Padding.Symmetric(length / 2, 0));

        private SymbolicTensor Pooled(SymbolicTensor x, string name, int filters) =>
            Conv(x.AvgPool(3, stride: 1, padding: 1, countIncludesPadding: true), $"{name}.branch_pool", filters, 1);
    }
}
