using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Options = Microsoft.ML.ConvNet.ConvNetFineTuningTrainer.Options;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>What can be said against the options of a fine-tuning before there is data.</summary>
internal static class FineTuningChecks
{
    /// <summary>Throws where an option is out of its range, or does not fit the base model.</summary>
    public static void Check(Options options)
    {
        Require(options.BaseModel is not null, nameof(options.BaseModel), "the trained network to begin with", "none");
        CheckRanges(options);
        CheckLists(options);
        CheckFolders(options);
        CheckHeadOnly(options);
        options.Augmentation?.Check();
    }

    private static void CheckRanges(Options options)
    {
        Require(options.ImageHeight is null or >= 1, nameof(options.ImageHeight), "at least 1", options.ImageHeight);
        Require(options.ImageWidth is null or >= 1, nameof(options.ImageWidth), "at least 1", options.ImageWidth);
        Require(options.Resizing is null || Enum.IsDefined(options.Resizing.Value), nameof(options.Resizing), "one of its names", options.Resizing);
        Require(Enum.IsDefined(options.WeightStorage), nameof(options.WeightStorage), "one of its names", options.WeightStorage);
        Require(Enum.IsDefined(options.ImageOrientation), nameof(options.ImageOrientation), "one of its names", options.ImageOrientation);
        Require(options.BatchSize >= 1, nameof(options.BatchSize), "at least 1", options.BatchSize);
        Require(options.Epoch >= 1, nameof(options.Epoch), "at least 1", options.Epoch);
        Require(options.FineTuningEpoch >= 0, nameof(options.FineTuningEpoch), "at least 0", options.FineTuningEpoch);
        Require(IsRate(options.LearningRate), nameof(options.LearningRate), "more than 0", options.LearningRate);
        Require(
            options.FineTuningLearningRate is not { } rate || IsRate(rate),
            nameof(options.FineTuningLearningRate),
            "more than 0",
            options.FineTuningLearningRate);
        Require(
            options.WeightDecay is >= 0 and < float.PositiveInfinity, nameof(options.WeightDecay), "at least 0", options.WeightDecay);
        Require(
            options.HeadWeightDecay is >= 0 and < float.PositiveInfinity, nameof(options.HeadWeightDecay), "at least 0", options.HeadWeightDecay);
        Require(options.DepthParts >= 1, nameof(options.DepthParts), "at least 1", options.DepthParts);
        Require(IsRate(options.DepthFactor), nameof(options.DepthFactor), "more than 0", options.DepthFactor);
        Require(options.AccumulatedBatches >= 1, nameof(options.AccumulatedBatches), "at least 1", options.AccumulatedBatches);
        Require(options.ClipGradientNorm is null or > 0, nameof(options.ClipGradientNorm), "more than 0", options.ClipGradientNorm);
        Require(options.ClipGradientValue is null or > 0, nameof(options.ClipGradientValue), "more than 0", options.ClipGradientValue);
        Require(
            options.LabelSmoothing == 0 || options.Loss is null,
            nameof(options.LabelSmoothing),
            $"0 where there is a {nameof(options.Loss)}, which has its own settings",
            options.LabelSmoothing);
        Require(options.ExampleWeightColumnName != string.Empty, nameof(options.ExampleWeightColumnName), "the name of a column", "an empty one");
        Require(options.LabelSmoothing is >= 0 and < 1, nameof(options.LabelSmoothing), "at least 0 and less than 1", options.LabelSmoothing);
        Require(
            options.ValidationSetFraction is null or (> 0 and < 1),
            nameof(options.ValidationSetFraction),
            "between 0 and 1",
            options.ValidationSetFraction);
        Require(options.NumberOfThreads is >= 0 and <= 1024, nameof(options.NumberOfThreads), "from 0 to 1024", options.NumberOfThreads);
        Require(options.CacheBudget >= 0, nameof(options.CacheBudget), "at least 0 bytes", options.CacheBudget);
    }

    private static void CheckLists(Options options)
    {
        Require(options.FrozenLayers is not null, nameof(options.FrozenLayers), "a list of names, which may be empty", "null");
        Require(options.UnfreezingStages is not null, nameof(options.UnfreezingStages), "a list, which may be empty", "null");
        Require(options.Callbacks is not null, nameof(options.Callbacks), "a list, which may be empty", "null");
        CheckPatterns(options, options.BaseModel!.Network, "layers of the base model");
    }

    /// <summary>Throws where a name or pattern of layers names none of a network.</summary>
    /// <param name="options">The options.</param>
    /// <param name="network">The network.</param>
    /// <param name="what">Whose layers they are.</param>
    /// <exception cref="ArgumentException">One does.</exception>
    public static void CheckPatterns(Options options, Network network, string what)
    {
        CheckPatterns(nameof(options.FrozenLayers), options.FrozenLayers, network, what);
        CheckPatterns(nameof(options.UnfreezingStages), options.UnfreezingStages.Select(stage => stage.Layers), network, what);
    }

    private static void CheckPatterns(string name, IEnumerable<string> patterns, Network network, string what)
    {
        foreach (string pattern in patterns)
        {
            Require(
                pattern is not null && LayerPattern.NamesOf(network, [pattern]).Count > 0,
                name,
                $"a list of {what}: {Schema.NameList.Of(network.Nodes.Select(node => node.Name))}",
                $"\"{pattern}\"");
        }
    }

    // What is for the training of the network would do nothing where only the head is trained.
    private static void CheckHeadOnly(Options options)
    {
        if (options.FineTuningEpoch > 0)
        {
            return;
        }

        (string Name, bool IsGiven)[] others =
        [
            (nameof(options.Resume), options.Resume),
            (nameof(options.FineTuningLearningRate), options.FineTuningLearningRate is not null),
            (nameof(options.AccumulatedBatches), options.AccumulatedBatches != 1),
            (nameof(options.TrainBatchNormalization), options.TrainBatchNormalization),
            (nameof(options.CheckpointFolder), options.CheckpointFolder is not null),
            (nameof(options.Augmentation), options.Augmentation is not null),
            (nameof(options.Mixup), options.Mixup != 0),
            (nameof(options.CutMix), options.CutMix != 0),
            (nameof(options.Callbacks), options.Callbacks.Count > 0),
            (nameof(options.FrozenLayers), options.FrozenLayers.Count > 0),
            (nameof(options.UnfreezingStages), options.UnfreezingStages.Count > 0),
        ];
        foreach ((string name, bool isGiven) in others)
        {
            if (isGiven)
            {
                throw new ArgumentException(
                    $"{name} is for epochs of the whole network. Received: a {nameof(options.FineTuningEpoch)} of 0, which trains the head alone.",
                    name);
            }
        }
    }

    private static void CheckFolders(Options options)
    {
        bool isReused = options.ReuseTrainSetBottleneckCachedValues || options.ReuseValidationSetBottleneckCachedValues;
        Require(options.WorkspacePath != string.Empty, nameof(options.WorkspacePath), "a folder", "none");
        Require(!isReused || options.WorkspacePath is not null, nameof(options.WorkspacePath), "the folder of the features that are to be used again", "none");
        foreach (string name in new[] { options.TrainSetBottleneckCachedValuesFileName, options.ValidationSetBottleneckCachedValuesFileName })
        {
            Require(
                !string.IsNullOrEmpty(name) && Path.GetFileName(name) == name,
                nameof(options.TrainSetBottleneckCachedValuesFileName),
                $"the name of a file in {nameof(options.WorkspacePath)}, as is that of the validation set",
                $"\"{name}\"");
        }

        Require(
            options.WorkspacePath is null || options.TrainSetBottleneckCachedValuesFileName != options.ValidationSetBottleneckCachedValuesFileName,
            nameof(options.TrainSetBottleneckCachedValuesFileName),
            "another name than that of the validation set",
            $"\"{options.TrainSetBottleneckCachedValuesFileName}\" for both");
        Require(options.CheckpointFolder != string.Empty, nameof(options.CheckpointFolder), "a folder", "none");
        Require(
            !options.Resume || options.CheckpointFolder is not null,
            nameof(options.CheckpointFolder),
            $"the folder of the states that {nameof(options.Resume)} goes on from",
            "none");
        Require(
            options.CheckpointFolder is null || !options.Callbacks.OfType<CheckpointSaving>().Any(),
            nameof(options.CheckpointFolder),
            $"a folder, or {nameof(CheckpointSaving)} is among {nameof(options.Callbacks)}",
            "both");
    }

    private static bool IsRate(float rate) => rate is > 0 and < float.PositiveInfinity;

    private static void Require(bool condition, string name, string range, object? received)
    {
        if (!condition)
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {range}. Received: {received}."), name);
        }
    }
}
