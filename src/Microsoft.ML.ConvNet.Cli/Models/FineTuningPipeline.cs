using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>Teaches a trained network other classes, as the last trainer of an ML.NET pipeline, which itself resizes the images.</summary>
internal static class FineTuningPipeline
{
    /// <summary>Trains.</summary>
    /// <param name="context">The context.</param>
    /// <param name="training">The images to train with.</param>
    /// <param name="validation">The images by which the best epoch is chosen; null for none.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="display">Shows the training.</param>
    /// <returns>The model; where the training ended by an error behind its first step, the best until then, with the error.</returns>
    /// <exception cref="CommandException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The training was stopped before it began.</exception>
    public static TrainedModel Train(
        MLContext context, LabelledImages training, LabelledImages? validation, FineTuningSettings settings, TrainingDisplay display)
    {
        IDataView rows = training.ToDataView(context);
        IEstimator<ITransformer> preparation = training.LabelAsKey(context);
        IDataView? validationRows = validation == null ? null : preparation.Fit(rows).Transform(validation.ToDataView(context));
        return display.Run(running =>
        {
            ShownEpochs shown = new(running);
            List<EpochMetrics> headEpochs = [];
            ConvNetFineTuningTrainer.Options options = OptionsOf(settings);
            options.ValidationSet = validationRows;
            options.Callbacks = settings.CallbacksWith(shown);
            options.MetricsCallback = metrics => Show(metrics, running, shown, headEpochs);
            (ITransformer model, Exception? failure) =
                PipelineFit.Run(context, preparation, context.MulticlassClassification.Trainers.ConvNetFineTuning(options), rows);
            return new TrainedModel(
                model,
                training,
                shown.Completed.Count > 0 ? shown.Completed : headEpochs,
                failure,
                settings.CancellationToken.IsCancellationRequested);
        });
    }

    // What is not asked for is as the trainer has it.
    private static ConvNetFineTuningTrainer.Options OptionsOf(FineTuningSettings settings)
    {
        ConvNetFineTuningTrainer.Options options = new()
        {
            LabelColumnName = ColumnNames.Label,
            FeatureColumnName = ColumnNames.Image,
            PredictedLabelColumnName = ColumnNames.PredictedLabel,
            BaseModel = settings.Base,
            Layer = settings.Layer,
            ImageHeight = settings.ImageSize,
            ImageWidth = settings.ImageSize,
            Resizing = settings.Resizing,
            FineTuningLearningRate = (float?)settings.LearningRate,
            LearningRateScheduler = settings.Schedule,
            Optimizer = settings.Optimizer,
            Loss = settings.Loss,
            LabelSmoothing = (float)settings.LabelSmoothing,
            ClassWeights = settings.BalancesClasses ? ClassWeighting.Balanced : null,
            ClipGradientNorm = (float?)settings.ClipGradientNorm,
            ClipGradientValue = (float?)settings.ClipGradientValue,
            AccumulatedBatches = settings.AccumulatedBatches,
            Mixup = (float)settings.Mixup,
            CutMix = (float)settings.CutMix,
            FrozenLayers = settings.FrozenLayers,
            Augmentation = settings.Augmentation,
            Seed = settings.Seed,
            NumberOfThreads = settings.NumberOfThreads,
            CacheBudget = settings.CacheBudget,
            CancellationToken = settings.CancellationToken,
        };
        options.FineTuningEpoch = settings.Epochs ?? options.FineTuningEpoch;
        options.Epoch = settings.HeadEpochs ?? options.Epoch;
        options.BatchSize = settings.BatchSize ?? options.BatchSize;
        options.LearningRate = (float?)settings.HeadLearningRate ?? options.LearningRate;
        options.WeightDecay = (float?)settings.WeightDecay ?? options.WeightDecay;
        options.DepthParts = settings.DepthParts ?? options.DepthParts;
        options.DepthFactor = (float?)settings.DepthFactor ?? options.DepthFactor;
        return options;
    }

    private static void Show(FineTuningMetrics metrics, TrainingDisplay display, ShownEpochs shown, List<EpochMetrics> headEpochs)
    {
        switch (metrics.Phase)
        {
            case FineTuningPhase.TrainSetFeatures:
                display.ShowWork("features", metrics.ImagesDone, metrics.Images);
                break;
            case FineTuningPhase.ValidationSetFeatures:
                display.ShowWork("features of validation images", metrics.ImagesDone, metrics.Images);
                break;
            case FineTuningPhase.Head when metrics.Train is { CompletedEpoch: { } epoch } progress:
                // Epochs of a moment: the last one is enough.
                headEpochs.Add(epoch);
                if (epoch.Epoch == progress.Epochs)
                {
                    display.ShowLine($"classifier: {ProgressText.OfEpoch(epoch, progress.Epochs)}");
                }
                else
                {
                    display.ShowWork("classifier, epoch", epoch.Epoch, progress.Epochs);
                }

                break;
            case FineTuningPhase.Network when metrics.Train is { } progress:
                shown.Show(progress);
                break;
            default:
                break;
        }
    }
}
