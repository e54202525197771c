using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// FractalNet (Larsson, Maire and Shakhnarovich, "FractalNet: ultra-deep neural networks without residuals", 2017): five blocks, each a
/// fractal of convolutions of 3x3 with batch normalisation and rectifier, followed by max pooling that halves the image. A fractal of one
/// column is a convolution; one of C + 1 columns is the mean of a convolution and of two fractals of C columns one behind the other, so
/// that its longest path has 2^C convolutions.
/// </summary>
/// <remarks>
/// Joins take the mean of all their inputs, in training too: the paper's drop-path, which leaves out inputs of joins at random while
/// training, is not part of it; dropout behind the blocks is, at the paper's rates of 0, 0.1, 0.2, 0.3 and 0.4.
/// </remarks>
public static class FractalNet
{
    private const string Paper = "Larsson, Maire and Shakhnarovich, \"FractalNet: ultra-deep neural networks without residuals\", 2017";

    private static readonly int[] BlockFactors = [1, 2, 4, 8, 8];

    /// <summary>What the catalogue says of these networks.</summary>
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Of("fractalnet20", "FractalNet of 20 layers for CIFAR: five fractals of 3 columns, 16 to 128 filters", 3, 16),
        Of("fractalnet40", "FractalNet of 40 layers for CIFAR: five fractals of 4 columns, 16 to 128 filters", 4, 16),
    ];

    /// <summary>
    /// Builds it. With images of 32x32x3 and 10 classes 16 filters make the networks of the paper's table 3, in millions of parameters: 5
    /// layers 0.3, 10 layers 0.8, 20 layers 2.1, 40 layers 4.8, 80 layers 10.2, 160 layers 21.1. With 3 columns and 64 filters, as in the
    /// paper's table 1, the rule above gives 33.7 million, where that table says 38.6.
    /// </summary>
    /// <param name="columns">The columns of a fractal: 1 to 6 in the paper; 5 x 2^(columns - 1) layers.</param>
    /// <param name="filters">The filters of the first block; the others have 2, 4, 8 and 8 times as many.</param>
    /// <param name="input">The images, <c>[H, W, C]</c>; 32x32x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as that its layers have.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no columns, or over 8, or the width is none that there is.</exception>
    /// <exception cref="NetworkDefinitionException">The image is smaller than 32x32, or there is no class.</exception>
    public static Network Create(int columns, int filters, Shape? input = null, int classes = 10, double width = 1)
    {
        if (columns is < 1 or > 8)
        {
            throw new ArgumentOutOfRangeException(nameof(columns), Invariant($"A fractal has 1 to 8 columns. Received: {columns}."));
        }

        WidthMultiplier widths = new(width);
        SymbolicTensor x = Network.Input(input ?? [32, 32, 3]);
        for (int block = 0; block < BlockFactors.Length; block++)
        {
            x = Join(Fractal(x, columns, widths.Of(filters * BlockFactors[block]), Invariant($"block{block + 1}."))).MaxPool(2);
            x = block > 0 ? x.Dropout(0.1f * block) : x;
        }

        return x.Classify(classes, "fc").ToNetwork(Invariant($"fractalnet{5 << (columns - 1)}"));
    }

    /// <summary>The outputs that a fractal's last join takes the mean of.</summary>
    private static List<SymbolicTensor> Fractal(SymbolicTensor x, int columns, int filters, string name)
    {
        SymbolicTensor convolution = x
            .ConvBatchNorm(filters, 3, Invariant($"{name}conv{columns}"), Invariant($"{name}bn{columns}"), padding: 1).Relu();
        if (columns == 1)
        {
            return [convolution];
        }

        SymbolicTensor between = Join(Fractal(x, columns - 1, filters, $"{name}0."));
        return [.. Fractal(between, columns - 1, filters, $"{name}1."), convolution];
    }

    private static SymbolicTensor Join(List<SymbolicTensor> inputs) =>
        inputs.Count == 1 ? inputs[0] : inputs[0].Add([.. inputs[1..]]).Scale(1f / inputs.Count);

    private static Architecture Of(string name, string description, int columns, int filters)
    {
        return new Architecture(
            name,
            description,
            Origin.OfCifar10(Paper, 2016),
            (input, classes, width) => Create(columns, filters, input, classes, width),
            TrainingRecipe.OfCifar(learningRate: 0.02f, epochs: 400, weightDecay: 1e-4f))
        {
            MinimumInput = [32, 32, 3],
        };
    }
}
