using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Networks.Notation;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>A network in notation where the name of an architecture may stand.</summary>
internal static class NotationArchitecture
{
    private const int DefaultClasses = 10;
    private static readonly Shape DefaultImages = [32, 32, 3];

    /// <summary>The architecture that a text stands for.</summary>
    /// <exception cref="NetworkNotationException">A word is no layer, or a bracket has no other.</exception>
    public static Architecture Of(string notation)
    {
        NetworkNotation.Check(notation);
        int? written = NetworkNotation.ClassesOf(notation);
        Shape input = NetworkNotation.InputOf(notation) ?? DefaultImages;
        int classes = written ?? DefaultClasses;
        return new Architecture(
            notation,
            "A network in notation",
            new Origin("Written by its user", null, input, classes),
            (images, count, width) => Create(notation, images ?? input, count, width),
            new TrainingRecipe(RecipeOptimizer.Adam, LearningRate: 0.001f, BatchSize: 64, Epochs: 10));
    }

    private static Network Create(string notation, Shape images, int classes, double width)
    {
        if (width != 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(width), FormattableString.Invariant($"A network in notation has the widths that are written. Received: {width}."));
        }

        Network network = NetworkNotation.Build(notation, images, classes);
        if (network.OutputShape != new Shape(classes))
        {
            throw new NetworkDefinitionException(
                Invariant($"A classifier has one output a class, {classes}; fc without a number has as many. ")
                + $"Received: \"{notation}\", whose output is {network.OutputShape}.");
        }

        return network.Nodes[^1].Layer is Softmax ? network : NetworkNotation.Build($"{notation} softmax", images, classes).Named(notation);
    }
}
