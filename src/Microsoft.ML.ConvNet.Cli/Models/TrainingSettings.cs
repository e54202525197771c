using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>How a network is to be trained; what is null follows the architecture's recipe.</summary>
internal sealed record TrainingSettings(Architecture Architecture)
{
    public int? Epochs { get; init; }

    public int? BatchSize { get; init; }

    public double? LearningRate { get; init; }

    public int Seed { get; init; }

    /// <summary>The most threads to use; 0 for one a core.</summary>
    public int NumberOfThreads { get; init; }

    public CancellationToken CancellationToken { get; init; }

    public int BatchSizeOrRecipe => BatchSize ?? Architecture.Recipe.BatchSize;

    public float LearningRateOrRecipe => (float)(LearningRate ?? Architecture.Recipe.LearningRate);

    /// <summary>Passes over a number of training images: as asked for, or as the architecture's recipe has it.</summary>
    public int EpochsFor(int samples) => Epochs ?? Architecture.Recipe.EpochsFor(samples);
}
