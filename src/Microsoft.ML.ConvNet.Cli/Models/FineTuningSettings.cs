using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>How a trained network is to be taught other classes; what is null follows the trainer's defaults.</summary>
internal sealed record FineTuningSettings : LearningSettings
{
    /// <summary>Takes what is said of learning.</summary>
    /// <param name="trained">The network.</param>
    /// <param name="learning">How it learns.</param>
    public FineTuningSettings(PretrainedModel trained, LearningSettings learning)
        : base(learning)
    {
        Base = trained;
    }

    /// <summary>The trained network.</summary>
    public PretrainedModel Base { get; }

    /// <summary>The layer behind which the new classifier is put.</summary>
    public string? Layer { get; init; }

    /// <summary>How images of another size are brought to that of the network.</summary>
    public ImageResizing? Resizing { get; init; }

    /// <summary>How often the classifier is trained on the features of every image.</summary>
    public int? HeadEpochs { get; init; }

    /// <summary>The learning rate of the classifier.</summary>
    public double? HeadLearningRate { get; init; }

    /// <summary>Into how many parts the network is divided, each of which learns more slowly than the one behind it.</summary>
    public int? DepthParts { get; init; }

    /// <summary>What the rate of a part is multiplied by to give that of the part before it.</summary>
    public double? DepthFactor { get; init; }
}
