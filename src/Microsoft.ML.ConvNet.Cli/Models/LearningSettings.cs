using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>How a network is to learn, whether from nothing or from what it has learnt before; what is null is as the trainer has it.</summary>
internal record LearningSettings
{
    /// <summary>How often all training images are gone through.</summary>
    public int? Epochs { get; init; }

    /// <summary>The images of a batch.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The size of a step.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The height and width to which images are brought.</summary>
    public int? ImageSize { get; init; }

    /// <summary>How the weights follow the gradient.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>The weight decay; null for the optimizer's.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>How the learning rate changes.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>What is made small; null for the cross-entropy.</summary>
    public ClassLoss? Loss { get; init; }

    /// <summary>The share of the target that is spread evenly over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The greatest length of the gradient; null for no limit.</summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>The greatest absolute value of an element of the gradient; null for no limit.</summary>
    public double? ClipGradientValue { get; init; }

    /// <summary>The batches of a step.</summary>
    public int AccumulatedBatches { get; init; } = 1;

    /// <summary>The parameter of mixup; 0 for none.</summary>
    public double Mixup { get; init; }

    /// <summary>The parameter of CutMix; 0 for none.</summary>
    public double CutMix { get; init; }

    /// <summary>Whether all classes count alike, however many images each has.</summary>
    public bool BalancesClasses { get; init; }

    /// <summary>The layers whose weights stay as they are, by name or pattern.</summary>
    public IReadOnlyCollection<string> FrozenLayers { get; init; } = [];

    /// <summary>What is done to the training images at random; null for nothing.</summary>
    public ImageAugmentation? Augmentation { get; init; }

    /// <summary>What watches the training: averages, early stopping, plateaus, logs.</summary>
    public IReadOnlyList<TrainingCallback> Callbacks { get; init; } = [];

    /// <summary>The same seed gives the same model.</summary>
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

    /// <summary>Stops the training; what was learnt until then is kept.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>All that is told of the training, in order.</summary>
    /// <param name="shown">Shows it.</param>
    public IReadOnlyList<TrainingCallback> CallbacksWith(ShownEpochs shown) => CheckpointFolder is { } folder
        ? [shown.Earlier, .. Callbacks, new CheckpointSaving(folder) { EverySteps = CheckpointSteps, Resume = Resumes }]
        : Callbacks;
}
