using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>An architecture that is known by name: what it is, where it comes from, and how it is built and trained.</summary>
public sealed class Architecture
{
    private readonly Func<Shape?, int, Network> _create;

    private Architecture(
        string name, string description, string paper, Shape defaultInput, Func<Shape?, int, Network> create, TrainingRecipe recipe)
    {
        Name = name;
        Description = description;
        Paper = paper;
        DefaultInput = defaultInput;
        _create = create;
        Recipe = recipe;
    }

    /// <summary>Every architecture, in the order in which lists show them. A new one is registered here.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new(
            "lenet5",
            "LeNet-5 with rectifiers and max pooling: small and quick, for digits and other simple images",
            "LeCun, Bottou, Bengio and Haffner, \"Gradient-based learning applied to document recognition\", 1998",
            [28, 28, 1],
            LeNet5.Create,
            new TrainingRecipe(RecipeOptimizer.Adam, LearningRate: 0.002f, BatchSize: 64, Epochs: 5)),
        new(
            "lenet5-1998",
            "LeNet-5 in the form of 1998, with tanh and average pooling",
            "LeCun, Bottou, Bengio and Haffner, \"Gradient-based learning applied to document recognition\", 1998",
            [32, 32, 1],
            LeNet5.Create1998,
            new TrainingRecipe(RecipeOptimizer.Adam, LearningRate: 0.002f, BatchSize: 64, Epochs: 6)),
        new(
            "mnist-convnet",
            "Two convolutions of 3x3 with 32 filters and a fully connected layer of 500",
            "TensorFlow's first lesson on convolutional networks for MNIST",
            [28, 28, 1],
            MnistConvNet.Create,
            new TrainingRecipe(RecipeOptimizer.Adam, LearningRate: 0.001f, BatchSize: 64, Epochs: 3)),
    ];

    /// <summary>The name, in lower case.</summary>
    public string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public string Description { get; }

    /// <summary>Where it comes from.</summary>
    public string Paper { get; }

    /// <summary>The images that it was made for, <c>[H, W, C]</c>.</summary>
    public Shape DefaultInput { get; }

    /// <summary>How to train it where the user says nothing.</summary>
    public TrainingRecipe Recipe { get; }

    /// <summary>Looks an architecture up, whatever the case of the name.</summary>
    /// <exception cref="ArgumentException">There is none of this name; the message lists those that there are.</exception>
    public static Architecture Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (TryGet(name, out Architecture? architecture))
        {
            return architecture;
        }

        string nearest = All.MinBy(candidate => EditDistance(candidate.Name, name.ToLowerInvariant()))!.Name;
        throw new ArgumentException(
            $"There is no architecture \"{name}\". Known: {string.Join(", ", All.Select(known => known.Name))}; the nearest is \"{nearest}\".");
    }

    /// <summary>Looks an architecture up, whatever the case of the name.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out Architecture? architecture)
    {
        architecture = All.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase));
        return architecture != null;
    }

    /// <summary>Builds the network.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; <see cref="DefaultInput"/> where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    public Network Create(Shape? input = null, int classes = 10) => _create(input ?? DefaultInput, classes);

    /// <summary>The name and the description.</summary>
    public override string ToString() => $"{Name}: {Description}";

    /// <summary>How many characters to insert, delete or replace to make one text of another (Levenshtein, 1966).</summary>
    private static int EditDistance(string from, string to)
    {
        int[] distances = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = distances[0];
            distances[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = distances[j];
                distances[j] = Math.Min(replaced, Math.Min(distances[j], distances[j - 1]) + 1);
            }
        }

        return distances[^1];
    }
}
