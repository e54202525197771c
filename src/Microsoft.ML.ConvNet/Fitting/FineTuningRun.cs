using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.Runtime;
using static System.FormattableString;
using Options = Microsoft.ML.ConvNet.ConvNetFineTuningTrainer.Options;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>One fine-tuning, from the rows that were read to the model.</summary>
/// <param name="channel">Takes what is logged.</param>
/// <param name="options">What the user asks for.</param>
/// <param name="seed">The seed.</param>
/// <param name="tuned">The network.</param>
/// <param name="labels">The classes.</param>
/// <param name="training">The images to train with, as they are.</param>
/// <param name="validation">Those to validate with; null for none.</param>
/// <param name="transformer">Makes a model of weights, which are its own then.</param>
internal sealed class FineTuningRun(
    IChannel channel,
    Options options,
    int seed,
    TunedNetwork tuned,
    ClassLabels labels,
    ImageDataset training,
    ImageDataset? validation,
    Func<Weights, IReadOnlyList<EpochMetrics>, ConvNetTransformer> transformer)
{
    private readonly PixelNormalization _normalization = options.BaseModel!.NormalizationFor(tuned.Features.InputShape);
    private readonly List<EpochMetrics> _headEpochs = [];

    // The epoch of the head whose weights the network begins with.
    private EpochMetrics? _begun;

    /// <summary>Trains the head, and then the network.</summary>
    /// <param name="features">The weights of the layers of the base model.</param>
    public ConvNetTransformer Run(Weights features)
    {
        Weights weights = TrainHead(features, out bool isCancelled);
        ConvNetTransformer? model = null;
        try
        {
            model = options.FineTuningEpoch == 0 || isCancelled ? transformer(weights, _headEpochs) : TrainWhole(weights, features);
        }
        finally
        {
            if (model?.Weights != weights)
            {
                weights.Dispose();
            }
        }

        try
        {
            Test(model);
        }
        catch (Exception exception)
        {
            TrainingFailure.Attach(exception, model);
            channel.Warning(
                MessageSensitivity.None,
                $"The test on the training images ended by {exception.GetType().Name}; {nameof(ConvNetTransformer)}."
                + $"{nameof(ConvNetTransformer.FromFailure)} gives the trained model.");
            throw;
        }

        return model;
    }

    private static NormalizedDataset Scaled(ImageDataset features, PixelNormalization scaling) => new(features, scaling);

    private Weights TrainHead(Weights features, out bool isCancelled)
    {
        FeatureCache cache = new(channel, tuned.Features, features, options.NumberOfThreads, options.CancellationToken);
        using InMemoryDataset trained = cache.Get(
            new NormalizedDataset(training, _normalization),
            PathOf(options.TrainSetBottleneckCachedValuesFileName),
            options.ReuseTrainSetBottleneckCachedValues,
            done => Tell(FineTuningPhase.TrainSetFeatures, done, training.Count));
        using InMemoryDataset? judging = validation is null ? null : cache.Get(
            new NormalizedDataset(validation, _normalization),
            PathOf(options.ValidationSetBottleneckCachedValuesFileName),
            options.ReuseValidationSetBottleneckCachedValues,
            done => Tell(FineTuningPhase.ValidationSetFeatures, done, validation.Count));
        PixelNormalization scaling = FeatureScaling.Measure(trained);
        TrainingLog log = new(channel, progress => Tell(FineTuningPhase.Head, progress));
        TrainingResult? failed = null;
        TrainingOptions settings = Weighted(log.AddTo(TunedNetwork.ForHead(options, seed, judging is not null))) with
        {
            ValidationSet = judging is null ? null : Scaled(judging, scaling),
            Failed = result => failed = result,
        };
        channel.Info(MessageSensitivity.None, Invariant($"{settings.Epochs} epochs of the head, with a learning rate of {settings.LearningRate}"));
        try
        {
            TrainingResult result = NetworkTrainer.Train(tuned.Head, Scaled(trained, scaling), settings);
            isCancelled = result.IsCancelled;
            if (isCancelled)
            {
                CheckCancelled(result, log, "head");
            }

            return UnderHead(features, result, scaling);
        }
        catch (Exception exception) when (failed is not null)
        {
            Weights left = UnderHead(features, failed, scaling);
            Attach(exception, failed, left, _headEpochs);
            throw;
        }
    }

    private ConvNetTransformer TrainWhole(Weights initial, Weights features)
    {
        TrainingLog log = new(channel, progress => Tell(FineTuningPhase.Network, progress));
        TrainingResult? failed = null;
        TrainingOptions settings = Weighted(log.AddTo(tuned.ForWhole(options, seed, validation is not null, training.Count, features))) with
        {
            ValidationSet = validation is null ? null : new NormalizedDataset(validation, _normalization),
            Failed = result => failed = result,
        };
        channel.Info(MessageSensitivity.None, Invariant($"{settings.Epochs} epochs of the network, with a learning rate of {settings.LearningRate}"));
        try
        {
            TrainingResult result = NetworkTrainer.Train(
                tuned.Whole, TrainingRows.Of(training, options.Augmentation, seed, options.BaseModel!.ChannelOrder, _normalization), settings, initial);
            if (result.IsCancelled && !log.HasBegun)
            {
                // What the head has learnt is not lost.
                result.Weights.Dispose();
                channel.Warning(MessageSensitivity.None, "Training was cancelled before the first batch of the network; the model has the trained head.");
                return transformer(initial, _headEpochs);
            }

            if (KeepsHead(result))
            {
                result.Weights.Dispose();
                WarnOfHead(result);
                return transformer(initial, AllEpochs(result));
            }

            if (result.IsCancelled)
            {
                CheckCancelled(result, log, "network");
            }

            return transformer(result.Weights, AllEpochs(result));
        }
        catch (Exception exception)
        {
            if (failed is not null && KeepsHead(failed))
            {
                failed.Weights.Dispose();
                failed = failed with { Weights = initial.Clone(), WeightsEpoch = 0 };
            }

            // Where nothing of use is left of the network's training, that of the head is.
            Attach(
                exception,
                failed ?? new TrainingResult(initial, [], 0, IsCancelled: false, IsStoppedEarly: false, TimeSpan.Zero) { Failure = exception },
                failed?.Weights ?? initial.Clone(),
                failed is null ? _headEpochs : AllEpochs(failed));
            throw;
        }
    }

    /// <summary>Whether no epoch of the network did better on the validation images than the head alone had.</summary>
    private bool KeepsHead(TrainingResult whole) => validation is not null && _begun is { } begun
        && whole.Epochs.FirstOrDefault(epoch => epoch.Epoch == whole.WeightsEpoch)?.IsBetterThan(begun, Judging()) != true;

    // By what the network's best epoch was found, but for numbers of the training images, which the head saw without augmentation and dropout.
    private TrainingMetric Judging() =>
        (options.Callbacks.OfType<KeepBest>().FirstOrDefault()?.Metric ?? options.EarlyStoppingCriteria?.Metric) switch
        {
            TrainingMetric.ValidationLoss => TrainingMetric.ValidationLoss,
            TrainingMetric.ValidationAccuracy => TrainingMetric.ValidationAccuracy,
            _ => TrainingMetric.Best,
        };

    private void WarnOfHead(TrainingResult whole)
    {
        string ended = whole.IsCancelled ? Invariant($"Training of the network was cancelled in epoch {whole.Epochs.Count + 1}. ") : string.Empty;
        channel.Warning(
            MessageSensitivity.None,
            ended + Invariant($"No epoch of the network did better on the validation images than epoch {_begun!.Epoch} of the head (accuracy ")
            + Invariant($"{_begun.ValidationAccuracy:P2}, loss {_begun.ValidationLoss:F4}); the model has the base model's weights with the trained head."));
    }

    private void Attach(Exception exception, TrainingResult failed, Weights weights, IReadOnlyList<EpochMetrics> epochs)
    {
        TrainingFailure.Attach(exception, transformer(weights, epochs));
        channel.Warning(MessageSensitivity.None, TrainingFailure.Text(failed));
    }

    /// <summary>The weights of the network with those of a head that was trained; the head's own are disposed of.</summary>
    private Weights UnderHead(Weights features, TrainingResult head, PixelNormalization scaling)
    {
        using Weights trained = head.Weights;
        _headEpochs.AddRange(head.Epochs);
        _begun = head.Epochs.FirstOrDefault(epoch => epoch.Epoch == head.WeightsEpoch);
        Weights weights = new(tuned.Whole);
        _ = weights.CopyMatching(features);
        FeatureScaling.TakeIn(trained, scaling, tuned.HeadName, weights);
        return weights;
    }

    private List<EpochMetrics> AllEpochs(TrainingResult whole) =>
        [.. _headEpochs, .. whole.Epochs.Select(epoch => epoch with { Epoch = epoch.Epoch + _headEpochs.Count })];

    private TrainingOptions Weighted(TrainingOptions settings) =>
        ClassWeighting.Apply(options.ClassWeights, settings, labels, training);

    private void Test(ConvNetTransformer model)
    {
        if (!options.TestOnTrainSet || options.CancellationToken.IsCancellationRequested)
        {
            return;
        }

        EvaluationResult result = NetworkTrainer.Evaluate(
            model.Network, model.Weights, new NormalizedDataset(training, _normalization), batchSize: options.BatchSize, numberOfThreads: options.NumberOfThreads);
        channel.Info(MessageSensitivity.None, Invariant($"On the training images: loss {result.Loss:F4}, accuracy {result.Accuracy:P2}"));
        options.MetricsCallback?.Invoke(new FineTuningMetrics(FineTuningPhase.TestOnTrainSet) { Test = result });
    }

    private void CheckCancelled(TrainingResult result, TrainingLog log, string what)
    {
        if (!log.HasBegun)
        {
            result.Weights.Dispose();
            throw new OperationCanceledException($"Training was cancelled before the first batch of the {what}.", options.CancellationToken);
        }

        channel.Warning(
            MessageSensitivity.None,
            result.WeightsEpoch > 0
                ? Invariant($"Training of the {what} was cancelled in epoch {result.Epochs.Count + 1}; the model has the weights of epoch {result.WeightsEpoch}.")
                : $"Training of the {what} was cancelled in its first epoch; the model has the weights at that moment.");
    }

    private string? PathOf(string name) => options.WorkspacePath is { } folder ? Path.Combine(folder, name) : null;

    private void Tell(FineTuningPhase phase, TrainingProgress progress) =>
        options.MetricsCallback?.Invoke(new FineTuningMetrics(phase) { Train = progress });

    private void Tell(FineTuningPhase phase, int done, int images) =>
        options.MetricsCallback?.Invoke(new FineTuningMetrics(phase) { ImagesDone = done, Images = images });
}
