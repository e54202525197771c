using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Networks.Notation;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>An architecture that is known by name: what it is, where it comes from, and how it is built and trained.</summary>
public sealed class Architecture
{
    private readonly Func<Shape?, int, double, Network> _create;

    /// <summary>Describes an architecture; families do, in their own files.</summary>
    /// <param name="name">The name, in lower case.</param>
    /// <param name="description">What it is, in one line.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="create">Builds it from images, number of classes and width.</param>
    /// <param name="recipe">How to train it where the user says nothing.</param>
    internal Architecture(
        string name, string description, Origin origin, Func<Shape?, int, double, Network> create, TrainingRecipe recipe)
    {
        Name = name;
        Description = description;
        Paper = origin.Paper;
        Year = origin.Year;
        DefaultInput = origin.Input;
        MinimumInput = origin.Input;
        Classes = origin.Classes;
        _create = create;
        Recipe = recipe;
    }

    /// <summary>Every architecture, in the order in which lists show them. A new family is registered here.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        .. LeNet5.Architectures,
        .. MnistConvNet.Architectures,
        .. ConvNetJSCifar10.Architectures,
        .. AlexNet.Architectures,
        .. ZFNet.Architectures,
        .. Vgg.Architectures,
        .. GoogLeNet.Architectures,
        .. InceptionV3.Architectures,
        .. InceptionV4.Architectures,
        .. InceptionResNetV2.Architectures,
        .. SqueezeNet.Architectures,
        .. ResNet.Architectures,
        .. CifarResNet.Architectures,
        .. PreActivationResNet.Architectures,
        .. WideResNet.Architectures,
        .. ResNeXt.Architectures,
        .. DenseNet.Architectures,
        .. PyramidNet.Architectures,
        .. FractalNet.Architectures,
        .. MobileNetV1.Architectures,
        .. MobileNetV2.Architectures,
        .. ShuffleNetV1.Architectures,
        .. ShuffleNetV2.Architectures,
    ];

    /// <summary>The name, in lower case.</summary>
    public string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public string Description { get; }

    /// <summary>Where it comes from: authors, title and year.</summary>
    public string Paper { get; }

    /// <summary>The year in which it was first published, if it was.</summary>
    public int? Year { get; }

    /// <summary>The images that it was made for, <c>[H, W, C]</c>.</summary>
    public Shape DefaultInput { get; }

    /// <summary>The smallest square images that it can be built for, <c>[H, W, C]</c>.</summary>
    public Shape MinimumInput { get; internal init; }

    /// <summary>The number of classes that it was made for.</summary>
    public int Classes { get; }

    /// <summary>What was published of its accuracy on ImageNet, if anything was.</summary>
    public PublishedAccuracy? ImageNetAccuracy { get; internal init; }

    /// <summary>How to train it where the user says nothing.</summary>
    public TrainingRecipe Recipe { get; }

    /// <summary>
    /// Looks an architecture up, whatever the case of the name; or takes a network in the notation of <see cref="NetworkNotation"/>, such
    /// as <c>conv3-32 relu pool2 fc</c>, which gets a softmax at its end if it has none, and a recipe that suits small networks.
    /// </summary>
    /// <exception cref="ArgumentException">There is none of this name; the message lists those that there are.</exception>
    /// <exception cref="NetworkNotationException">It is several words, or a layer's, but no network in notation.</exception>
    public static Architecture Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (TryGet(name, out Architecture? architecture))
        {
            return architecture;
        }

        if (IsNotation(name))
        {
            return NotationArchitecture.Of(name);
        }

        string nearest = All.MinBy(candidate => EditDistance.Between(candidate.Name, name.ToLowerInvariant()))!.Name;
        throw new ArgumentException(
            $"There is no architecture \"{name}\". Known: {string.Join(", ", All.Select(known => known.Name))}; "
            + $"the nearest is \"{nearest}\".");
    }

    /// <summary>Looks an architecture up, whatever the case of the name.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out Architecture? architecture)
    {
        architecture = All.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase));
        return architecture != null;
    }

    /// <summary>Whether a text is meant as a network in notation: it has several words or brackets, or its one word is a layer.</summary>
    public static bool IsNotation([NotNullWhen(true)] string? text) => NetworkNotation.IsMeantBy(text);

    /// <summary>Builds the network.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; <see cref="DefaultInput"/> where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="width">How many times as many channels as published its layers have.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not over 0 and at most 64.</exception>
    public Network Create(Shape? input = null, int classes = 10, double width = 1) => _create(input ?? DefaultInput, classes, width);

    /// <summary>The name and the description.</summary>
    public override string ToString() => $"{Name}: {Description}";
}
