using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>How an architecture is to be trained; what is null follows its recipe.</summary>
internal sealed record TrainingSettings : LearningSettings
{
    /// <summary>Takes what is said of learning.</summary>
    /// <param name="architecture">What is trained.</param>
    /// <param name="learning">How; by default as the recipe has it.</param>
    public TrainingSettings(Architecture architecture, LearningSettings? learning = null)
        : base(learning ?? new LearningSettings())
    {
        Architecture = architecture;
    }

    /// <summary>What is trained.</summary>
    public Architecture Architecture { get; }

    /// <summary>How many times as many channels as published it has.</summary>
    public double Width { get; init; } = 1;

    /// <summary>The factor of the weights' signs in the gradient; null for the optimizer's.</summary>
    public double? L1Decay { get; init; }

    /// <summary>How auxiliary outputs are trained, where not as the network says.</summary>
    public IReadOnlyList<HeadLoss> HeadLosses { get; init; } = [];

    /// <summary>Layers that are trained in a way of their own.</summary>
    public IReadOnlyList<ParameterGroup> ParameterGroups { get; init; } = [];

    /// <summary>The weights to begin with; null for random ones.</summary>
    public InitialWeights? InitialWeights { get; init; }

    /// <summary>Whether the model has the weights of the best epoch, rather than the last.</summary>
    public bool KeepsBest { get; init; } = true;

    /// <summary>Whether each epoch takes the images in an order of its own.</summary>
    public bool Shuffles { get; init; } = true;

    /// <summary>The order in which the network takes the colours of image files.</summary>
    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>What the transparent pixels of image files lie on; null for the default.</summary>
    public ImageBackground? Background { get; init; }

    /// <summary>The size of a batch: as asked for, or as the recipe has it.</summary>
    public int BatchSizeOrRecipe => BatchSize ?? Architecture.Recipe.BatchSize;

    /// <summary>The learning rate: as asked for, of the optimizer that was, or as the recipe has it.</summary>
    public float LearningRateOrRecipe => (float?)LearningRate ?? Optimizer?.LearningRate ?? Architecture.Recipe.LearningRate;

    /// <summary>Passes over a number of training images: as asked for, or as the architecture's recipe has it.</summary>
    public int EpochsFor(int samples) => Epochs ?? Architecture.Recipe.EpochsFor(samples);

    /// <summary>The network that is trained.</summary>
    /// <param name="input">The shape of its images.</param>
    /// <param name="classes">The number of classes.</param>
    public Network CreateNetwork(Shape input, int classes) => Architecture.Create(input, classes, Width);
}
