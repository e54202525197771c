using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using static System.FormattableString;
using Options = Microsoft.ML.ConvNet.ConvNetFineTuningTrainer.Options;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>A base network under a new head, as a whole and in its two parts, and how each is trained.</summary>
/// <param name="Features">The layers of the base model, from images to a vector of features.</param>
/// <param name="Head">The new classifier, from features to probabilities.</param>
/// <param name="Whole">The two in one.</param>
internal sealed record TunedNetwork(Network Features, Network Head, Network Whole)
{
    /// <summary>The part of a training in which its learning rate rises.</summary>
    private const int WarmupShare = 20;

    /// <summary>The name of the fully connected layer of the head.</summary>
    public string HeadName => Head.Nodes[0].Name;

    /// <summary>Puts a head behind the layers of a base model.</summary>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    /// <exception cref="NetworkDefinitionException">A layer cannot work on images of this size.</exception>
    public static TunedNetwork Of(Options options, int classes)
    {
        PretrainedModel model = options.BaseModel!;
        Network features = model.Features(options.Layer, pools: true, options.ImageHeight, options.ImageWidth);
        Network whole = features.WithHead(classes).Named(model.Name);
        NetworkNode head = whole.Nodes[^2];
        return new TunedNetwork(features, Network.Input(features.OutputShape).Apply(head.Layer, head.Name).Softmax(), whole);
    }

    /// <summary>How the head is trained.</summary>
    public static TrainingOptions ForHead(Options options, int seed, bool isValidated) => Common(options, options.HeadWeightDecay, seed, isValidated) with
    {
        Epochs = options.Epoch,
        LearningRate = options.LearningRate,
        Schedule = options.LearningRateScheduler ?? new CosineDecay(),
    };

    /// <summary>How the network is trained with its head.</summary>
    /// <param name="options">What the user asks for.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="isValidated">Whether there are validation images.</param>
    /// <param name="samples">The number of training images.</param>
    /// <param name="features">The weights of the layers of the base model; null where nothing is trained yet.</param>
    public TrainingOptions ForWhole(Options options, int seed, bool isValidated, int samples, Weights? features = null)
    {
        long samplesOfStep = (long)options.BatchSize * options.AccumulatedBatches;
        long steps = options.FineTuningEpoch * ((samples + samplesOfStep - 1) / samplesOfStep);
        TrainingOptions common = Common(options, options.WeightDecay, seed, isValidated);
        return common with
        {
            Epochs = options.FineTuningEpoch,
            AccumulatedBatches = options.AccumulatedBatches,
            LearningRate = options.FineTuningLearningRate ?? (options.LearningRate / 10),
            Schedule = options.LearningRateScheduler ?? new CosineDecay { WarmupSteps = steps / WarmupShare },
            Groups = ParameterGroup.ByDepth(Whole, options.DepthParts, options.DepthFactor),
            FrozenLayers = Frozen(options),
            Mixup = options.Mixup,
            CutMix = options.CutMix,
            InitialWeightsOrigin = features is null ? common.InitialWeightsOrigin : Origin(options, features),
            Callbacks = [.. common.Callbacks, .. Stages(options), .. options.Callbacks, .. Checkpoints(options)],
        };
    }

    // The head is trained anew where the network's training goes on: other bits on another processor, so that not its weights are noted, but what they follow from.
    private static Dictionary<string, string> Origin(Options options, Weights features) => new()
    {
        ["weights of the base model"] = features.ComputeHash(),
        ["epochs of the head"] = Invariant($"{options.Epoch}"),
        ["learning rate of the head"] = Invariant($"{options.LearningRate:R}"),
        ["weight decay of the head"] = options.Optimizer is null ? Invariant($"{options.HeadWeightDecay:R}") : "the optimizer's",
    };

    private static TrainingOptions Common(Options options, float weightDecay, int seed, bool isValidated) => new()
    {
        BatchSize = options.BatchSize,
        Optimizer = options.Optimizer ?? new AdamW { WeightDecay = weightDecay },
        Loss = options.Loss ?? new SoftmaxCrossEntropy(options.LabelSmoothing),
        Seed = unchecked((uint)seed),
        NumberOfThreads = options.NumberOfThreads,
        KeepBest = isValidated,
        ClipGradientNorm = options.ClipGradientNorm,
        ClipGradientValue = options.ClipGradientValue,
        Callbacks = options.EarlyStoppingCriteria is { } stopping ? [stopping] : [],
        CancellationToken = options.CancellationToken,
    };

    private string[] Frozen(Options options) =>
    [
        .. LayerPattern.NamesOf(Features, options.FrozenLayers),
        .. Features.Nodes.Where(node => node.Layer is BatchNorm && !options.TrainBatchNormalization).Select(node => node.Name),
    ];

    private IEnumerable<TrainingCallback> Stages(Options options)
    {
        UnfreezingStage[] stages = [.. options.UnfreezingStages.Where(stage => LayerPattern.NamesOf(Features, [stage.Layers]).Count > 0)];
        return stages.Length == 0 ? [] : [new Unfreezing(stages)];
    }

    private static IEnumerable<TrainingCallback> Checkpoints(Options options) =>
        options.CheckpointFolder is { } folder ? [new CheckpointSaving(folder) { Resume = options.Resume }] : [];
}
