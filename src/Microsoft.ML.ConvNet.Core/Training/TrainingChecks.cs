using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Losses;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>What can be said against a training before it begins.</summary>
internal static class TrainingChecks
{
    private const int MostPrefetched = 1024;

    /// <summary>Throws where a setting is out of its range, or does not fit the network.</summary>
    public static void CheckOptions(TrainingOptions options, Network network) => CheckOptions(options, network, options.ValidationSet is not null);

    /// <summary>Throws where a setting is out of its range, or does not fit the network.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="network">The network.</param>
    /// <param name="isValidated">Whether there is a validation set, or will be.</param>
    public static void CheckOptions(TrainingOptions options, Network network, bool isValidated)
    {
        Setting.RequireRange(options.Epochs >= 1, "The number of epochs", "at least 1", options.Epochs);
        Setting.RequireRange(options.BatchSize >= 1, "The batch size", "at least 1", options.BatchSize);
        Setting.RequireRange(
            options.LearningRate is null or (> 0 and < float.PositiveInfinity), "The learning rate", "more than 0", options.LearningRate);
        Setting.RequireRange(
            options.ClipGradientNorm is null or > 0, "The greatest length of the gradient", "more than 0", options.ClipGradientNorm);
        Setting.RequireRange(
            options.ClipGradientValue is null or > 0, "The greatest value of the gradient", "more than 0", options.ClipGradientValue);
        Setting.Require(
            options.EarlyStoppingPatience is null or >= 1,
            Invariant($"Early stopping waits at least 1 epoch. Received: {options.EarlyStoppingPatience}."));
        ArgumentNullException.ThrowIfNull(options.Optimizer);
        ArgumentNullException.ThrowIfNull(options.Schedule);
        ArgumentNullException.ThrowIfNull(options.Loss);
        ArgumentNullException.ThrowIfNull(options.FrozenLayers);
        ArgumentNullException.ThrowIfNull(options.InitialWeightsOrigin);
        ArgumentNullException.ThrowIfNull(options.Groups);
        Setting.RequireRange(options.AccumulatedBatches >= 1, "The number of batches of a step", "at least 1", options.AccumulatedBatches);
        Setting.RequireRange(
            options.PrefetchedBatches is null or (>= 0 and <= MostPrefetched),
            "The number of batches that are read ahead",
            Invariant($"from 0 to {MostPrefetched}"),
            options.PrefetchedBatches);
        _ = WorkerPool.ThreadCount(options.NumberOfThreads);
        options.Optimizer.Check();
        options.Schedule.Check();
        Setting.Require(
            !options.Schedule.CyclesMomentum || options.Optimizer.HasMomentum,
            "A schedule that cycles the momentum is for an optimizer with a momentum: SGD or RMSProp with more than 0, Adam, AdamW, Lion. "
            + $"Received: {options.Optimizer.Name}.");
        options.Loss.Check(network.OutputShape.ElementCount);
        ArgumentNullException.ThrowIfNull(options.HeadLosses);
        HeadSettings.Check(options, network);
        CheckMixing(options, network);
        foreach (ParameterGroup group in options.Groups)
        {
            ArgumentNullException.ThrowIfNull(group);
            group.Check(network);
        }

        foreach (string name in options.FrozenLayers)
        {
            Setting.Require(
                network.Nodes.Any(node => LayerPattern.Matches(name, node.Name)),
                $"A frozen layer is one of the network's: {string.Join(", ", network.Nodes.Select(node => node.Name).Take(20))}. "
                + $"Received: \"{name}\".");
        }

        RequireTrained(network, LayerSettings.Frozen(options, network).Contains, string.Empty);
        CallbackList.Check(options, network, isValidated);
    }

    private static void CheckMixing(TrainingOptions options, Network network)
    {
        Setting.RequireRange(options.Mixup is >= 0 and < float.PositiveInfinity, "The parameter of mixup", "at least 0", options.Mixup);
        Setting.RequireRange(options.CutMix is >= 0 and < float.PositiveInfinity, "The parameter of CutMix", "at least 0", options.CutMix);
        Setting.Require(
            options.CutMix == 0 || network.InputShape.IsImage, $"CutMix is for images [H, W, C]. Received: samples of {network.InputShape}.");
    }

    /// <summary>Throws where no parameter of a network is trained.</summary>
    /// <param name="network">The network.</param>
    /// <param name="isFrozen">Which layers, by name, keep their parameters.</param>
    /// <param name="when">When that is so, for the message.</param>
    public static void RequireTrained(Network network, Func<string, bool> isFrozen, string when) => Setting.Require(
        Enumerable.Range(0, network.Parameters.Count).Any(parameter => Planner.IsTrained(network, parameter, isFrozen)),
        Invariant($"Training changes at least one parameter{when}. Received: a network of {network.Nodes.Count} layers, ")
        + (network.ParameterCount == 0 ? "none of which has any." : "all of whose parameters are frozen."));

    /// <summary>Throws where the outputs of a network are not vectors.</summary>
    public static void CheckOutputs(Network network) => Setting.Require(
        network.OutputShape.Rank == 1, $"A network is trained on outputs that are vectors. Received: {network.OutputShape}.");

    /// <summary>Throws where a set of samples does not fit the network and the loss.</summary>
    /// <param name="dataset">The set.</param>
    /// <param name="what">What it is called in an error.</param>
    /// <param name="network">The network.</param>
    /// <param name="loss">The loss.</param>
    public static void CheckDataset(ImageDataset dataset, string what, Network network, Loss loss)
    {
        Setting.Require(dataset.Count > 0, $"The {what} set has at least one sample. Received: none.");
        Setting.Require(
            dataset.Shape == network.InputShape,
            $"The network takes samples of {network.InputShape}. Received: a {what} set of {dataset.Shape}.");
        CheckOutputs(network);
        int outputs = network.OutputShape.ElementCount;
        if (loss.TargetsAreClasses)
        {
            Setting.Require(
                dataset.ClassCount > 0,
                Invariant($"The loss is one of classes ({loss.Name}). Received: a {what} set with {dataset.TargetLength} target values a sample; ")
                + $"use {nameof(SquaredError)}.");
        }

        int wanted = dataset.TargetLength > 0 ? dataset.TargetLength : dataset.ClassCount;
        Setting.Require(
            outputs == wanted,
            Invariant($"The network has as many outputs as the {what} set has {(dataset.TargetLength > 0 ? "target values" : "classes")}, {wanted}. ")
            + Invariant($"Received: {outputs} outputs; end the network with {wanted} units."));
        if (dataset.TargetLength == 0)
        {
            CheckLabels(dataset, what, loss);
        }

        if (dataset.IsWeighted)
        {
            CheckWeights(dataset, what);
        }
    }

    private static void CheckWeights(ImageDataset dataset, string what)
    {
        double sum = 0;
        for (int i = 0; i < dataset.Count; i++)
        {
            float weight = dataset.WeightOf(i);
            if (weight is not (>= 0 and < float.PositiveInfinity))
            {
                throw new InvalidDataException(
                    Invariant($"Sample {i} of the {what} set: a weight is a finite number of at least 0. Received: {weight}."));
            }

            sum += weight;
        }

        if (sum == 0)
        {
            throw new InvalidDataException(Invariant($"The {what} set has a sample of a weight over 0. Received: {dataset.Count} samples, all of weight 0."));
        }
    }

    private static void CheckLabels(ImageDataset dataset, string what, Loss loss)
    {
        int labelled = 0;
        for (int i = 0; i < dataset.Count; i++)
        {
            int label = dataset.LabelOf(i);
            if (label < -1 || label >= dataset.ClassCount)
            {
                throw new InvalidDataException(
                    Invariant($"Sample {i} of the {what} set: a label is from 0 to {dataset.ClassCount - 1}, or -1 for none. Received: {label}."));
            }

            if (label >= 0)
            {
                labelled++;
            }
            else if (!loss.TargetsAreClasses)
            {
                throw new InvalidDataException(
                    Invariant($"Sample {i} of the {what} set: {loss.Name} needs a class for every sample. Received: none."));
            }
        }

        if (labelled == 0)
        {
            throw new InvalidDataException(Invariant($"The {what} set has samples with a class. Received: {dataset.Count} samples, all without."));
        }
    }
}
