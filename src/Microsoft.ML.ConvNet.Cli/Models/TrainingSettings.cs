using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>How a network is to be trained; what is null follows the architecture's recipe.</summary>
internal sealed record TrainingSettings(Architecture Architecture)
{
    public int? Epochs { get; init; }

    public int? BatchSize { get; init; }

    public double? LearningRate { get; init; }

    /// <summary>How the weights follow the gradient.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>The weight decay; null for the optimizer's.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>The factor of the weights' signs in the gradient; null for the optimizer's.</summary>
    public double? L1Decay { get; init; }

    /// <summary>How the learning rate changes.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>What is made small; null for the cross-entropy.</summary>
    public ClassLoss? Loss { get; init; }

    /// <summary>How auxiliary outputs are trained, where not as the network says.</summary>
    public IReadOnlyList<HeadLoss> HeadLosses { get; init; } = [];

    /// <summary>Layers that are trained in a way of their own.</summary>
    public IReadOnlyList<ParameterGroup> ParameterGroups { get; init; } = [];

    /// <summary>The batches of a step.</summary>
    public int AccumulatedBatches { get; init; } = 1;

    /// <summary>The parameter of mixup; 0 for none.</summary>
    public double Mixup { get; init; }

    /// <summary>The parameter of CutMix; 0 for none.</summary>
    public double CutMix { get; init; }

    /// <summary>What watches the training: averages, early stopping, plateaus, logs.</summary>
    public IReadOnlyList<TrainingCallback> Callbacks { get; init; } = [];

    /// <summary>The greatest absolute value of an element of the gradient; null for no limit.</summary>
    public double? ClipGradientValue { get; init; }

    /// <summary>The greatest length of the gradient; null for no limit.</summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>The share of the target that is spread evenly over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The weights to begin with; null for random ones.</summary>
    public InitialWeights? InitialWeights { get; init; }

    /// <summary>The layers whose weights stay as they are.</summary>
    public IReadOnlyCollection<string> FrozenLayers { get; init; } = [];

    /// <summary>What is done to the training images at random; null for nothing.</summary>
    public ImageAugmentation? Augmentation { get; init; }

    /// <summary>Whether all classes count alike, however many images each has.</summary>
    public bool BalancesClasses { get; init; }

    /// <summary>Whether the model has the weights of the best epoch, rather than the last.</summary>
    public bool KeepsBest { get; init; } = true;

    /// <summary>Whether each epoch takes the images in an order of its own.</summary>
    public bool Shuffles { get; init; } = true;

    /// <summary>The order in which the network takes the colours of image files.</summary>
    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>What the transparent pixels of image files lie on; null for the default.</summary>
    public ImageBackground? Background { get; init; }

    public int Seed { get; init; }

    /// <summary>The folder of the training's states; null for none.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>After how many steps a state is saved, beside those after each epoch; 0 for never.</summary>
    public int CheckpointSteps { get; init; }

    /// <summary>Whether the training goes on from the newest state in that folder.</summary>
    public bool Resumes { get; init; }

    /// <summary>The most threads to use; 0 for one a core.</summary>
    public int NumberOfThreads { get; init; }

    /// <summary>The most bytes of memory for decoded images; null for the default of the library.</summary>
    public long? CacheBudget { get; init; }

    public CancellationToken CancellationToken { get; init; }

    public int BatchSizeOrRecipe => BatchSize ?? Architecture.Recipe.BatchSize;

    /// <summary>The learning rate: as asked for, of the optimizer that was, or as the recipe has it.</summary>
    public float LearningRateOrRecipe => (float?)LearningRate ?? Optimizer?.LearningRate ?? Architecture.Recipe.LearningRate;

    /// <summary>Passes over a number of training images: as asked for, or as the architecture's recipe has it.</summary>
    public int EpochsFor(int samples) => Epochs ?? Architecture.Recipe.EpochsFor(samples);
}
