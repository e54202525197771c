using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Benchmarks.Fit;

/// <summary>The recipe of an architecture in both vocabularies, the core's and that of ML.NET: they make the same steps.</summary>
/// <param name="Architecture">What is trained.</param>
/// <param name="Epochs">How often every row is taken.</param>
/// <param name="Threads">The most threads; 0 for one a core.</param>
internal sealed record RecipeOptions(Architecture Architecture, int Epochs, int Threads)
{
    private const int Seed = 1;

    private Optimizer Optimizer => Architecture.Recipe switch
    {
        { Optimizer: RecipeOptimizer.Sgd } recipe =>
            new Sgd { LearningRate = recipe.LearningRate, Momentum = recipe.Momentum, WeightDecay = recipe.WeightDecay },
        { Optimizer: RecipeOptimizer.AdamW } recipe => new AdamW { LearningRate = recipe.LearningRate },
        TrainingRecipe recipe => new Adam { LearningRate = recipe.LearningRate, WeightDecay = recipe.WeightDecay },
    };

    private LearningRateSchedule Schedule => Architecture.Recipe.CosineDecay ? new CosineDecay() : new ConstantLearningRate();

    /// <summary>Options of the core's training. The last weights are taken, so that they can be compared.</summary>
    public TrainingOptions ForCore() => new()
    {
        Epochs = Epochs,
        BatchSize = Architecture.Recipe.BatchSize,
        Optimizer = Optimizer,
        Schedule = Schedule,
        Seed = Seed,
        NumberOfThreads = Threads,
        KeepBest = false,
    };

    /// <summary>Options of ML.NET's trainer, for the columns Image and Label.</summary>
    public ConvNetMulticlassTrainer.Options ForTrainer() => new()
    {
        Architecture = Architecture.Name,
        FeatureColumnName = "Image",
        LabelColumnName = "Label",
        Epoch = Epochs,
        BatchSize = Architecture.Recipe.BatchSize,
        Optimizer = Optimizer,
        LearningRateSchedule = Schedule,
        Seed = Seed,
        NumberOfThreads = Threads,
        KeepBest = false,
    };
}
