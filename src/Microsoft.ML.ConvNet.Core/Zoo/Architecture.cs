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
        new(
            "alexnet",
            "AlexNet in its form for one processor: five convolutions and three fully connected layers",
            "Krizhevsky, \"One weird trick for parallelizing convolutional neural networks\", 2014",
            [224, 224, 3],
            AlexNet.Create,
            TrainingRecipe.OfImageNet(learningRate: 0.01f, batchSize: 128, epochs: 90, weightDecay: 5e-4f)),
        OfVgg("vgg11", "VGG-11, configuration A: 8 convolutions of 3x3 and three fully connected layers", Vgg.Create11),
        OfVgg("vgg13", "VGG-13, configuration B: 10 convolutions of 3x3 and three fully connected layers", Vgg.Create13),
        OfVgg("vgg16-c", "VGG, configuration C: 10 convolutions of 3x3, three of 1x1 and three fully connected layers", Vgg.Create16C),
        OfVgg("vgg16", "VGG-16, configuration D: 13 convolutions of 3x3 and three fully connected layers", Vgg.Create16),
        OfVgg("vgg19", "VGG-19, configuration E: 16 convolutions of 3x3 and three fully connected layers", Vgg.Create19),
        new(
            "squeezenet",
            "SqueezeNet 1.1: few parameters, in fire modules that squeeze the channels and expand them again",
            "Iandola, Han, Moskewicz, Ashraf, Dally and Keutzer, "
                + "\"SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and under 0.5MB model size\", 2016",
            [224, 224, 3],
            SqueezeNet.Create,
            TrainingRecipe.OfImageNet(learningRate: 0.04f, batchSize: 512, epochs: 68, weightDecay: 2e-4f)),
        OfResNet("resnet18", "ResNet-18: 8 residual blocks of two convolutions", ResNet.Create18),
        OfResNet("resnet34", "ResNet-34: 16 residual blocks of two convolutions", ResNet.Create34),
        OfResNet("resnet50", "ResNet-50: 16 residual bottleneck blocks, with the stride on the convolution of 3x3", ResNet.Create50),
        OfResNet("resnet101", "ResNet-101: 33 residual bottleneck blocks, with the stride on the convolution of 3x3", ResNet.Create101),
        OfResNet("resnet152", "ResNet-152: 50 residual bottleneck blocks, with the stride on the convolution of 3x3", ResNet.Create152),
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

    private static Architecture OfVgg(string name, string description, Func<Shape?, int, Network> create) => new(
        name,
        description,
        "Simonyan and Zisserman, \"Very deep convolutional networks for large-scale image recognition\", 2015",
        [224, 224, 3],
        create,
        TrainingRecipe.OfImageNet(learningRate: 0.01f, batchSize: 256, epochs: 74, weightDecay: 5e-4f));

    private static Architecture OfResNet(string name, string description, Func<Shape?, int, Network> create) => new(
        name,
        description,
        "He, Zhang, Ren and Sun, \"Deep residual learning for image recognition\", 2016",
        [224, 224, 3],
        create,
        TrainingRecipe.OfImageNet(learningRate: 0.1f, batchSize: 256, epochs: 90, weightDecay: 1e-4f));

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
