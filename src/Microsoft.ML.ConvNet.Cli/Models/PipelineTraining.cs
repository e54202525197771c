using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>Trains a network as the last trainer of an ML.NET pipeline.</summary>
internal static class PipelineTraining
{
    /// <summary>Trains.</summary>
    /// <param name="context">The context.</param>
    /// <param name="training">The images to train with.</param>
    /// <param name="validation">The images by which the best epoch is chosen; null for none.</param>
    /// <param name="input">The shape in which the network reads the images.</param>
    /// <param name="settings">How to train it.</param>
    /// <param name="display">Shows the training.</param>
    /// <returns>The model; where the training ended by an error behind its first step, the best until then, with the error.</returns>
    /// <exception cref="CommandException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The training was stopped before it began.</exception>
    public static TrainedModel Train(
        MLContext context,
        LabelledImages training,
        LabelledImages? validation,
        Shape input,
        TrainingSettings settings,
        TrainingDisplay display)
    {
        IDataView rows = training.ToDataView(context);
        IEstimator<ITransformer> preparation = training.Preparation(context, input);
        IDataView? validationRows = validation == null ? null : preparation.Fit(rows).Transform(validation.ToDataView(context));
        return display.Run(running =>
        {
            ShownEpochs shown = new(running);
            ConvNetMulticlassTrainer.Options options = OptionsOf(training, settings);
            options.Callbacks = settings.CallbacksWith(shown);
            options.ValidationSet = validationRows;
            options.MetricsCallback = shown.Show;
            ConvNetMulticlassTrainer trainer = context.MulticlassClassification.Trainers.ConvNet(options);
            (ITransformer model, Exception? failure) = PipelineFit.Run(context, preparation, trainer, rows);
            return new TrainedModel(model, training, shown.Completed, failure, settings.CancellationToken.IsCancellationRequested);
        });
    }

    /// <summary>Looks for a learning rate, and makes no model.</summary>
    /// <param name="context">The context.</param>
    /// <param name="training">The images to train with.</param>
    /// <param name="input">The shape in which the network reads the images.</param>
    /// <param name="settings">How the network would be trained.</param>
    /// <exception cref="CommandException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static LearningRateCurve FindLearningRate(MLContext context, LabelledImages training, Shape input, TrainingSettings settings)
    {
        IDataView rows = training.ToDataView(context);
        IDataView prepared = training.Preparation(context, input).Fit(rows).Transform(rows);
        return context.MulticlassClassification.Trainers.ConvNet(OptionsOf(training, settings)).FindLearningRate(prepared);
    }

    private static ConvNetMulticlassTrainer.Options OptionsOf(LabelledImages training, TrainingSettings settings) => new()
    {
        LabelColumnName = ColumnNames.Label,
        FeatureColumnName = ColumnNames.Image,
        PredictedLabelColumnName = ColumnNames.PredictedLabel,
        Architecture = settings.Architecture.Name,
        Width = settings.Width,
        Epoch = settings.EpochsFor(training.Count),
        BatchSize = settings.BatchSizeOrRecipe,
        AccumulatedBatches = settings.AccumulatedBatches,
        LearningRate = settings.LearningRateOrRecipe,
        LearningRateSchedule = settings.Schedule,
        Optimizer = settings.Optimizer,
        WeightDecay = (float?)settings.WeightDecay,
        L1Decay = (float?)settings.L1Decay,
        ClipGradientNorm = (float?)settings.ClipGradientNorm,
        ClipGradientValue = (float?)settings.ClipGradientValue,
        Loss = settings.Loss,
        HeadLosses = settings.HeadLosses,
        LabelSmoothing = (float)settings.LabelSmoothing,
        ParameterGroups = settings.ParameterGroups,
        Mixup = (float)settings.Mixup,
        CutMix = (float)settings.CutMix,
        InitialWeights = settings.InitialWeights?.Weights,
        FrozenLayers = settings.FrozenLayers,
        Augmentation = settings.Augmentation,
        ClassWeights = settings.BalancesClasses ? ClassWeighting.Balanced : null,
        KeepBest = settings.KeepsBest,
        Shuffle = settings.Shuffles,
        ChannelOrder = settings.ChannelOrder,
        ImageBackground = settings.Background ?? default,
        ImageLayout = ImageLayout.ChannelsLast,
        Seed = settings.Seed,
        NumberOfThreads = settings.NumberOfThreads,
        CacheBudget = settings.CacheBudget,
        CancellationToken = settings.CancellationToken,
    };
}
