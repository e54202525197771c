using Microsoft.ML.ConvNet.Data.Augmentation;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>How a trained network is to be taught other classes; what is null follows the trainer's defaults.</summary>
/// <param name="Base">The network.</param>
internal sealed record FineTuningSettings(PretrainedModel Base)
{
    /// <summary>The layer behind which the new classifier is put.</summary>
    public string? Layer { get; init; }

    /// <summary>The height and width to which images are brought.</summary>
    public int? ImageSize { get; init; }

    /// <summary>How often the whole network is trained on every image; 0 for its classifier alone.</summary>
    public int? Epochs { get; init; }

    /// <summary>How often the classifier is trained on the features of every image.</summary>
    public int? HeadEpochs { get; init; }

    public int? BatchSize { get; init; }

    /// <summary>The learning rate of the network.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The learning rate of the classifier.</summary>
    public double? HeadLearningRate { get; init; }

    /// <summary>The layers whose weights stay as they are, by name or pattern.</summary>
    public IReadOnlyCollection<string> FrozenLayers { get; init; } = [];

    /// <summary>What is done to the training images at random; null for nothing.</summary>
    public ImageAugmentation? Augmentation { get; init; }

    public int Seed { get; init; }

    /// <summary>The folder of the training's states; null for none.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>After how many steps a state is saved, beside those after each epoch; 0 for never.</summary>
    public int CheckpointSteps { get; init; }

    /// <summary>Whether the training goes on from the newest state in that folder.</summary>
    public bool Resumes { get; init; }

    /// <summary>The most threads to use; 0 for one a core.</summary>
    public int NumberOfThreads { get; init; }

    /// <summary>The most bytes of memory for decoded images.</summary>
    public long CacheBudget { get; init; } = ConvNetTrainingOptions.UsualCacheBudget;

    public CancellationToken CancellationToken { get; init; }
}
