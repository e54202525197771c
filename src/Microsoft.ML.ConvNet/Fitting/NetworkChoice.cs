using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Zoo;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>The network that the options ask for, and how it is trained where they do not say.</summary>
/// <param name="Network">The network, with the end that the task wants.</param>
/// <param name="Recipe">How it is trained where the options do not say.</param>
/// <param name="Task">What it learns.</param>
internal sealed record NetworkChoice(Network Network, TrainingRecipe Recipe, PredictionTask Task)
{
    private const int MostWidth = 64;

    private static readonly TrainingRecipe DefaultRecipe = new(RecipeOptimizer.Adam, LearningRate: 0.001f, BatchSize: 64, Epochs: 10)
    {
        MinimumSteps = 1,
    };

    /// <summary>What was put behind the network that the options give; null for nothing.</summary>
    public string? AddedEnd { get; init; }

    /// <summary>Throws where the options ask for no network, or for more than one.</summary>
    public static void CheckOptions(ConvNetTrainingOptions options)
    {
        int given = (options.Network is null ? 0 : 1) + (options.NetworkBuilder is null ? 0 : 1) + (options.Architecture is null ? 0 : 1);
        if (given != 1)
        {
            throw new ArgumentException(
                $"The network is one of {nameof(options.Network)}, {nameof(options.NetworkBuilder)} and {nameof(options.Architecture)}. "
                + $"Received: {(given == 0 ? "none" : "several")} of them.",
                nameof(options));
        }

        if (options.Architecture is { } name)
        {
            RequireNoFile(name);
            _ = Architecture.Get(name);
        }

        if (options.Width is not (> 0 and <= MostWidth))
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(options.Width)} is over 0 and at most {MostWidth}. Received: {options.Width}."));
        }

        if (options.Width != 1 && options.Architecture is null)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{nameof(options.Width)} is for an {nameof(options.Architecture)}. Received: {options.Width}, and a network that has its own widths."));
        }
    }

    // What trains an architecture and what scores with a file differ by one text.
    private static void RequireNoFile(string name)
    {
        if (name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                $"{nameof(ConvNetTrainingOptions.Architecture)} is the name of an architecture to train, such as lenet5. Received: \"{name}\"; "
                + "a model file is scored with by Transforms.ConvNet without a label column.",
                nameof(name));
        }
    }

    /// <summary>Builds or takes the network for a column of images and what a label column says.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The network does not fit the columns.</exception>
    /// <exception cref="NetworkDefinitionException">The network cannot be built for these images.</exception>
    public static NetworkChoice Of(
        IExceptionContext context,
        IChannel channel,
        ConvNetTrainingOptions options,
        IDataView data,
        DataViewSchema.Column feature,
        string label,
        PredictionTask task)
    {
        int count = task.OutputCount;
        TrainingRecipe recipe = DefaultRecipe;
        Network network;
        if (options.Network is { } given)
        {
            ImageShape.CheckOptions(context, feature.Name, given.InputShape, options);
            network = given;
        }
        else
        {
            Shape shape = ImageShape.Of(context, channel, data, feature, options);
            if (options.Architecture is { } name)
            {
                Architecture architecture = Architecture.Get(name);
                Network ofClasses = architecture.Create(shape, count, options.Width);
                network = task.EndsInSoftmax ? ofClasses : NetworkEnd.WithoutSoftmax(ofClasses);
                recipe = architecture.Recipe;
            }
            else
            {
                SymbolicTensor output = options.NetworkBuilder!(Network.Input(shape), count)
                    ?? throw new ArgumentException(
                        $"{nameof(options.NetworkBuilder)} gives the network's output. Received: null.", nameof(options));
                network = output;
            }
        }

        Shape outputs = network.OutputShape;
        if (outputs.Rank != 1 || outputs.ElementCount != count)
        {
            (string wanted, string ending) = task.Wanted(label);
            throw context.Mismatch(
                $"The network has {wanted}. Received: {outputs}{(outputs.Rank == 1 ? " outputs" : string.Empty)}; end it with {ending}.");
        }

        CheckFrozenLayers(context, network, options.FrozenLayers);
        Network choice = task.End(network, options);
        return new NetworkChoice(choice, recipe, task)
        {
            AddedEnd = ReferenceEquals(choice, network) ? null : choice.Nodes[^1].Layer is Softmax ? "softmax" : "sigmoid",
        };
    }

    /// <summary>The options of Core's training, without samples and callbacks.</summary>
    /// <param name="options">What the user asks for.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="samples">The number of training images.</param>
    public TrainingOptions TrainingOptions(ConvNetTrainingOptions options, int seed, int samples) => new()
    {
        Epochs = options.Epoch ?? Recipe.EpochsFor(samples),
        BatchSize = options.BatchSize ?? Recipe.BatchSize,
        AccumulatedBatches = options.AccumulatedBatches,
        Callbacks = options.CheckpointFolder is { } folder
            ? [.. options.Callbacks, new CheckpointSaving(folder) { Resume = options.Resume }]
            : options.Callbacks,
        Optimizer = OptimizerOf(options, samples),
        Loss = Task.LossOf(options),
        HeadLosses = options.HeadLosses,
        Groups = options.ParameterGroups,
        Mixup = options.Mixup,
        CutMix = options.CutMix,
        LearningRate = options.LearningRate,
        Schedule = options.LearningRateSchedule ?? (Recipe.CosineDecay ? new CosineDecay() : new ConstantLearningRate()),
        Seed = unchecked((uint)seed),
        NumberOfThreads = options.NumberOfThreads,
        EarlyStoppingPatience = options.EarlyStoppingPatience,
        KeepBest = options.KeepBest,
        Shuffle = options.Shuffle,
        ClipGradientNorm = options.ClipGradientNorm,
        ClipGradientValue = options.ClipGradientValue,
        FrozenLayers = options.FrozenLayers,
        CancellationToken = options.CancellationToken,
    };

    private Optimizer OptimizerOf(ConvNetTrainingOptions options, int samples)
    {
        Optimizer optimizer = options.Optimizer ?? RecipeOptimizerOf(Recipe, Recipe.WeightDecayFor(
            samples, options.BatchSize ?? Recipe.BatchSize, options.LearningRate ?? Recipe.LearningRate));
        return optimizer with { WeightDecay = options.WeightDecay ?? optimizer.WeightDecay, L1Decay = options.L1Decay ?? optimizer.L1Decay };
    }

    // Before a row is read: the engine would say so after the last.
    private static void CheckFrozenLayers(IExceptionContext context, Network network, IReadOnlyCollection<string> names)
    {
        if (names.FirstOrDefault(name => LayerPattern.NamesOf(network, [name]).Count == 0) is { } unknown)
        {
            throw context.Mismatch(
                $"{nameof(ConvNetTrainingOptions.FrozenLayers)} are layers of the network: {NameList.Of(network.Nodes.Select(node => node.Name))}. "
                + $"Received: \"{unknown}\".",
                "options");
        }
    }

    private static Optimizer RecipeOptimizerOf(TrainingRecipe recipe, float weightDecay) => recipe.Optimizer switch
    {
        RecipeOptimizer.Sgd => new Sgd { LearningRate = recipe.LearningRate, Momentum = recipe.Momentum, WeightDecay = weightDecay },
        RecipeOptimizer.Adam => new Adam { LearningRate = recipe.LearningRate, WeightDecay = weightDecay },
        RecipeOptimizer.AdamW => new AdamW { LearningRate = recipe.LearningRate, WeightDecay = weightDecay },
        _ => throw new ArgumentOutOfRangeException(
            nameof(recipe),
            $"A recipe's optimizer is one of {string.Join(", ", Enum.GetNames<RecipeOptimizer>())}. Received: {recipe.Optimizer}."),
    };
}
