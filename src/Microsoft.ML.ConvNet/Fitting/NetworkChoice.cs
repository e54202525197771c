using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Zoo;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>The network that the options ask for, and how it is trained where they do not say.</summary>
/// <param name="Network">The network, which gives probabilities.</param>
/// <param name="Recipe">How it is trained where the options do not say.</param>
internal sealed record NetworkChoice(Network Network, TrainingRecipe Recipe)
{
    private const int MostWidth = 64;

    private static readonly TrainingRecipe DefaultRecipe = new(RecipeOptimizer.Adam, LearningRate: 0.001f, BatchSize: 64, Epochs: 10)
    {
        MinimumSteps = 1,
    };

    /// <summary>Whether a softmax was put behind the network that the options give.</summary>
    public bool AddsSoftmax { get; init; }

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

    /// <summary>Builds or takes the network for a column of images and the classes of a label column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The network does not fit the columns.</exception>
    /// <exception cref="NetworkDefinitionException">The network cannot be built for these images.</exception>
    public static NetworkChoice Of(
        IExceptionContext context,
        IChannel channel,
        ConvNetTrainingOptions options,
        IDataView data,
        DataViewSchema.Column feature,
        string label,
        int classes)
    {
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
                network = architecture.Create(shape, classes, options.Width);
                recipe = architecture.Recipe;
            }
            else
            {
                SymbolicTensor output = options.NetworkBuilder!(Network.Input(shape), classes)
                    ?? throw new ArgumentException(
                        $"{nameof(options.NetworkBuilder)} gives the network's output. Received: null.", nameof(options));
                network = output;
            }
        }

        Shape outputs = network.OutputShape;
        if (outputs.Rank != 1 || outputs.ElementCount != classes)
        {
            throw context.Mismatch(
                $"The network has one output for each of the {classes} classes of the label column \"{label}\". "
                + $"Received: {outputs}{(outputs.Rank == 1 ? " outputs" : string.Empty)}; end it with Dense({classes}).Softmax().");
        }

        CheckFrozenLayers(context, network, options.FrozenLayers);
        Network choice = WithSoftmax(network, options);
        return new NetworkChoice(choice, recipe) { AddsSoftmax = !ReferenceEquals(choice, network) };
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
        Loss = LossOf(options),
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

    private static ClassLoss LossOf(ConvNetTrainingOptions options)
    {
        ClassLoss loss = options.Loss ?? new SoftmaxCrossEntropy(options.LabelSmoothing);
        return loss with { Outputs = options.Outputs ?? loss.Outputs };
    }

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

    /// <summary>A network that ends in logits with a softmax behind them; one that gives probabilities as it is.</summary>
    private static Network WithSoftmax(Network network, ConvNetTrainingOptions options)
    {
        Weights? weights = options.InitialWeights is { } given && given.Network.Equals(network) ? given : null;
        bool isProbable = (options.Outputs ?? options.Loss?.Outputs) is { } said
            ? said == OutputKind.Probabilities
            : OutputAnalysis.Of(network, weights) == OutputKind.Probabilities;
        if (isProbable || network.Nodes[^1].Layer is Softmax)
        {
            return network;
        }

        SymbolicTensor input = Network.Input(network.InputShape, network.IsStrict);
        List<SymbolicTensor> tensors = [];
        foreach (NetworkNode node in network.Nodes)
        {
            SymbolicTensor[] inputs = [.. node.Inputs.Select(number => number < 0 ? input : tensors[number])];
            tensors.Add(inputs.Length == 0 ? input.Begin(node.Layer, node.Name) : inputs[0].Apply(node.Layer, inputs[1..], node.Name));
        }

        return tensors[^1].Softmax().ToNetwork(
            network.Name,
            network.AuxiliaryOutputs.Select(auxiliary => (
                OutputAnalysis.Of(network, weights, auxiliary.Node) == OutputKind.Probabilities ? tensors[auxiliary.Node] : tensors[auxiliary.Node].Softmax(),
                auxiliary.Weight)));
    }
}
