using System.Globalization;
using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>Trains a network on the rows of a data view: what the estimators of both vocabularies do.</summary>
internal sealed class NetworkFit
{
    private readonly IHost _host;
    private readonly LearningTask _learning;
    private readonly FitColumns _columns;
    private readonly ConvNetTrainingOptions _options;
    private readonly int _seed;

    /// <summary>Checks what can be checked of the options before there is data.</summary>
    /// <param name="host">Who trains.</param>
    /// <param name="learning">What there is to be learnt.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="options">What the user asks for.</param>
    public NetworkFit(IHost host, LearningTask learning, FitColumns columns, ConvNetTrainingOptions options)
    {
        columns.Scoring.Check();
        ArgumentException.ThrowIfNullOrEmpty(columns.Label);
        CheckOptions(options);
        _host = host;
        _learning = learning;
        _columns = columns with { AreResized = options.ImageResizing != ImageResizing.None };
        _options = options;

        // Drawn once: the same estimator gives the same bits each time it is fitted to the same rows.
        bool isGoneOnWith = options.CheckpointFolder is not null || options.Callbacks.OfType<CheckpointSaving>().Any();
        _seed = options.Seed ?? (isGoneOnWith ? 0 : host.Rand.Next());
    }

    /// <summary>The shape of the schema that the transformer will give.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _learning.Append(inputSchema, _columns.Check(_host, inputSchema, _learning.CheckShape), _columns.Scoring);
    }

    /// <summary>Trains.</summary>
    /// <param name="input">The rows to train with.</param>
    /// <param name="validation">The rows to validate with, in place of those of the options.</param>
    public ConvNetTransformer Fit(IDataView input, IDataView? validation = null) => Prepare(input, validation, Train);

    /// <summary>Looks for a learning rate.</summary>
    /// <param name="input">The rows to train with.</param>
    /// <param name="finder">What looks for it.</param>
    public LearningRateCurve FindLearningRate(IDataView input, LearningRateFinder finder)
    {
        ArgumentNullException.ThrowIfNull(finder);
        finder.Check();
        return Prepare(input, validation: null, prepared => FindLearningRate(prepared, finder));
    }

    private T Prepare<T>(IDataView input, IDataView? validation, Func<Preparation, T> use)
    {
        ArgumentNullException.ThrowIfNull(input);
        validation ??= _options.ValidationSet;
        if (validation is not null && _options.ValidationSetFraction is not null)
        {
            throw new ArgumentException(
                $"Validation rows come from {nameof(_options.ValidationSet)}, or as {nameof(_options.ValidationSetFraction)} from the "
                + "training rows. Received: both.");
        }

        using IChannel channel = _host.Start("Train");
        IExceptionContext context = validation is null ? _host : new DataSetContext(_host, "training");
        DataViewSchema.Column feature = context.Find(input, "feature", _columns.Scoring.Feature);
        DataViewSchema.Column label = context.Find(input, "label", _columns.Label!);
        PredictionTask task = _learning.Of(context, input, label);
        NetworkChoice choice = NetworkChoice.Of(context, channel, _options, input, feature, label.Name, task);
        _options.Augmentation?.CheckFor(choice.Network.InputShape);
        task.Check(_options);
        StartingWeights starting = new(_options, choice.Network);
        choice.TrainingOptions(_options, _seed, samples: 1).Require(
            choice.Network, isValidated: validation is not null || _options.ValidationSetFraction is not null);
        PixelSource source = Bind(context, feature, choice.Network);
        SampleColumns columns = new(source, label, SampleColumns.FindWeight(context, input, _columns.Weight), task);
        SampleColumns? validationColumns = validation is null ? null : BindValidation(validation, choice.Network, task);

        channel.Info(MessageSensitivity.None, choice.Network.ToString());
        foreach (string warning in new[] { task.Warning, starting.WarningOf(_options.FrozenLayers) }.OfType<string>())
        {
            channel.Warning(MessageSensitivity.None, warning);
        }

        if (choice.AddedEnd is { } added)
        {
            channel.Info(
                MessageSensitivity.None,
                $"The network's outputs are taken for logits, and a {added} is put behind them; {nameof(ConvNetClassificationOptions.Outputs)} says otherwise.");
        }

        using CachedDataset rows = Read(channel, "training", input, columns, _options.CacheBudget);
        using CachedDataset? validationRows = validationColumns is null
            ? null
            : Read(channel, "validation", validation!, validationColumns, _options.CacheBudget - rows.BytesInMemory);
        (ImageDataset training, ImageDataset? validating) = Divide(rows, validationRows, task);
        channel.Info(
            MessageSensitivity.None,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{training.Count} training images, {validating?.Count ?? 0} validation images, {task.Text}"));
        PixelNormalization normalization = _options.PixelOffsets is null && _options.PixelScales is null
            ? PixelNormalization.Measure(training, _options.NumberOfThreads, _options.CancellationToken)
            : GivenNormalization.Of(_options.PixelOffsets, _options.PixelScales, training.Shape);
        return use(new Preparation(channel, choice, starting, task, feature, training, validating, normalization)
        {
            Scaling = task.ScalingFor(choice.Network, _options, training),
        });
    }

    private static void CheckOptions(ConvNetTrainingOptions options)
    {
        NetworkChoice.CheckOptions(options);
        GivenNormalization.Check(options.PixelOffsets, options.PixelScales);
        Require(options.Epoch is null or >= 1, nameof(options.Epoch), "at least 1", options.Epoch);
        Require(options.BatchSize is null or >= 1, nameof(options.BatchSize), "at least 1", options.BatchSize);
        Require(
            options.LearningRate is null or (> 0 and < float.PositiveInfinity),
            nameof(options.LearningRate),
            "more than 0",
            options.LearningRate);
        Require(
            options.ValidationSetFraction is null or (> 0 and < 1),
            nameof(options.ValidationSetFraction),
            "between 0 and 1",
            options.ValidationSetFraction);
        Require(
            options.EarlyStoppingPatience is null or >= 1,
            nameof(options.EarlyStoppingPatience),
            "at least 1",
            options.EarlyStoppingPatience);
        Require(options.AccumulatedBatches >= 1, nameof(options.AccumulatedBatches), "at least 1", options.AccumulatedBatches);
        Require(options.Callbacks is not null, nameof(options.Callbacks), "a list, which may be empty", "null");
        Require(options.CheckpointFolder != string.Empty, nameof(options.CheckpointFolder), "a folder", "none");
        Require(
            !options.Resume || options.CheckpointFolder is not null,
            nameof(options.CheckpointFolder),
            $"the folder of the states that {nameof(options.Resume)} goes on from",
            "none");
        Require(options.ClipGradientNorm is null or > 0, nameof(options.ClipGradientNorm), "more than 0", options.ClipGradientNorm);
        Require(options.ClipGradientValue is null or > 0, nameof(options.ClipGradientValue), "more than 0", options.ClipGradientValue);
        Require(options.HeadLosses is not null, nameof(options.HeadLosses), "a list, which may be empty", "null");
        Require(options.ParameterGroups is not null, nameof(options.ParameterGroups), "a list, which may be empty", "null");
        Require(
            options.WeightDecay is null or (>= 0 and < float.PositiveInfinity), nameof(options.WeightDecay), "at least 0", options.WeightDecay);
        Require(options.L1Decay is null or (>= 0 and < float.PositiveInfinity), nameof(options.L1Decay), "at least 0", options.L1Decay);
        Require(options.Mixup is >= 0 and < float.PositiveInfinity, nameof(options.Mixup), "at least 0", options.Mixup);
        Require(options.CutMix is >= 0 and < float.PositiveInfinity, nameof(options.CutMix), "at least 0", options.CutMix);
        options.Augmentation?.Check();
        Require(options.FrozenLayers is not null, nameof(options.FrozenLayers), "a list of names, which may be empty", "null");
        Require(options.NumberOfThreads is >= 0 and <= 1024, nameof(options.NumberOfThreads), "from 0 to 1024", options.NumberOfThreads);
        Require(options.CacheBudget >= 0, nameof(options.CacheBudget), "at least 0 bytes", options.CacheBudget);
        Require(options.ExampleWeightColumnName != string.Empty, nameof(options.ExampleWeightColumnName), "the name of a column", "an empty one");
        Require(Enum.IsDefined(options.WeightStorage), nameof(options.WeightStorage), "one of its names", options.WeightStorage);
        Require(Enum.IsDefined(options.ImageLayout), nameof(options.ImageLayout), "one of its names", options.ImageLayout);
        Require(Enum.IsDefined(options.ChannelOrder), nameof(options.ChannelOrder), "one of its names", options.ChannelOrder);
        Require(Enum.IsDefined(options.ImageResizing), nameof(options.ImageResizing), "one of its names", options.ImageResizing);
        Require(Enum.IsDefined(options.ImageOrientation), nameof(options.ImageOrientation), "one of its names", options.ImageOrientation);
        Require(Enum.IsDefined(options.ImageBackground), nameof(options.ImageBackground), "one of its names", options.ImageBackground);
        Require(options.ImageHeight is null or >= 1, nameof(options.ImageHeight), "at least 1", options.ImageHeight);
        Require(options.ImageWidth is null or >= 1, nameof(options.ImageWidth), "at least 1", options.ImageWidth);
        Require(options.ImageChannels is null or >= 1, nameof(options.ImageChannels), "at least 1", options.ImageChannels);
        if (options is ConvNetClassificationOptions ofClasses)
        {
            CheckClassification(ofClasses);
        }
    }

    private static void CheckClassification(ConvNetClassificationOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.PredictedLabelColumnName);
        Require(options.LabelSmoothing is >= 0 and < 1, nameof(options.LabelSmoothing), "at least 0 and less than 1", options.LabelSmoothing);
        Require(
            options.LabelSmoothing == 0 || options.Loss is null,
            nameof(options.LabelSmoothing),
            $"0 where there is a {nameof(options.Loss)}, which has its own settings",
            options.LabelSmoothing);
    }

    private static void Require(bool condition, string name, string range, object? received)
    {
        if (!condition)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} is {range}. Received: {received}."), name);
        }
    }

    private PixelSource Bind(IExceptionContext context, DataViewSchema.Column feature, Network network)
    {
        PixelSource source = PixelSource.Bind(context, feature, network.InputShape, _options.ImageLayout, _options.ImageResizing) with
        {
            Orientation = _options.ImageOrientation,
            ChannelOrder = _options.ChannelOrder,
            Background = _options.ImageBackground,
        };
        return _options.ImageLayout == ImageLayout.Auto || source.Layout == ImageLayout.Auto || source.Layout == _options.ImageLayout
            ? source
            : throw context.Mismatch(
                $"The column \"{feature.Name}\" of {feature.Type} holds {network.InputShape} as {source.Layout}. "
                + $"Received: {nameof(_options.ImageLayout)} {_options.ImageLayout}, which says otherwise.");
    }

    private SampleColumns BindValidation(IDataView validation, Network network, PredictionTask task)
    {
        DataSetContext context = new(_host, "validation");
        DataViewSchema.Column feature = context.Find(validation, "feature", _columns.Scoring.Feature);
        DataViewSchema.Column label = context.Find(validation, "label", _columns.Label!);
        return task.MismatchOf(context, label) is { } mismatch
            ? throw _host.Mismatch(mismatch)
            : new SampleColumns(Bind(context, feature, network), label, SampleColumns.FindWeight(context, validation, _columns.Weight), task);
    }

    private CachedDataset Read(IChannel channel, string what, IDataView data, SampleColumns columns, long budget) =>
        new DatasetReading(new DataSetContext(_host, what), channel, ReadingSettings.Of(_options)).Read(data, columns, budget);

    private (ImageDataset Training, ImageDataset? Validation) Divide(CachedDataset rows, CachedDataset? validation, PredictionTask task)
    {
        if (_options.ValidationSetFraction is not { } fraction)
        {
            return (rows, validation);
        }

        DatasetSplit split = task.Divide(rows, fraction, unchecked((uint)_seed));
        return (split.Training, split.Validation);
    }

    private LearningRateCurve FindLearningRate(Preparation prepared, LearningRateFinder finder)
    {
        ImageDataset training = prepared.Scaled(prepared.Training);
        TrainingOptions options = prepared.Task.Weighted(_options, prepared.Choice.TrainingOptions(_options, _seed, training.Count), training);
        using Weights? initial = prepared.Starting.Make(prepared.Channel, _seed);
        return finder.Run(prepared.Choice.Network, Augmented(training, prepared.Normalization), options, initial);
    }

    private ConvNetTransformer Train(Preparation prepared)
    {
        (IChannel channel, NetworkChoice choice, StartingWeights starting, PredictionTask task, _,
            ImageDataset training, ImageDataset? validation, PixelNormalization normalization) = prepared;
        TrainingLog log = new(channel, _options.MetricsCallback);
        TrainingResult? failed = null;
        TrainingOptions options = log.AddTo(choice.TrainingOptions(_options, _seed, training.Count)) with
        {
            ValidationSet = validation is null ? null : new NormalizedDataset(prepared.Scaled(validation), normalization),
            Failed = result => failed = result,
        };
        options = task.Weighted(_options, options, training);
        channel.Info(
            MessageSensitivity.None,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{options.Epochs} epochs in batches of {options.BatchSize}, {options.Optimizer.GetType().Name} with a learning rate of ")
            + string.Create(CultureInfo.InvariantCulture, $"{options.LearningRate ?? options.Optimizer.LearningRate}"));
        using Weights? initial = starting.Make(channel, _seed);
        try
        {
            TrainingResult result = NetworkTrainer.Train(
                choice.Network, Augmented(prepared.Scaled(training), normalization), options, initial);
            if (result.IsCancelled)
            {
                CheckCancelled(channel, result, log);
            }

            return Transformer(prepared, result);
        }
        catch (Exception exception) when (failed is not null)
        {
            TrainingFailure.Attach(exception, Transformer(prepared, failed));
            channel.Warning(MessageSensitivity.None, TrainingFailure.Text(failed));
            throw;
        }
    }

    private NormalizedDataset Augmented(ImageDataset training, PixelNormalization normalization) =>
        TrainingRows.Of(training, _options.Augmentation, _seed, _options.ChannelOrder, normalization);

    private ConvNetTransformer Transformer(Preparation prepared, TrainingResult result)
    {
        DataViewSchema.Column feature = prepared.Feature;
        bool isOfImages = feature.Type is ImageDataViewType || PixelSource.IsOfFilesWhenResized(feature.Type);
        prepared.Scaling?.TakeIn(prepared.Choice.Network, result.Weights);
        ConvNetModelParameters parameters = new(
            prepared.Choice.Network, result.Weights, prepared.Normalization, _options.ImageLayout, prepared.Task)
        {
            ChannelOrder = _options.ChannelOrder,
            ImageBackground = isOfImages ? _options.ImageBackground : ImageBackground.Black,
            ImageResizing = isOfImages ? _options.ImageResizing : ImageResizing.None,
            ImageOrientation = isOfImages ? _options.ImageOrientation : ImageOrientation.AsStored,
        };
        return new ConvNetTransformer(
            _host, parameters, _columns.Scoring, _columns.Label, feature.Type, _options.NumberOfThreads, result.Epochs)
        {
            WeightStorage = _options.WeightStorage,
        };
    }

    private void CheckCancelled(IChannel channel, TrainingResult result, TrainingLog log)
    {
        if (!log.HasBegun)
        {
            result.Weights.Dispose();
            throw new OperationCanceledException("Training was cancelled before its first batch.", _options.CancellationToken);
        }

        channel.Warning(
            MessageSensitivity.None,
            result.WeightsEpoch > 0
                ? $"Training was cancelled in epoch {result.Epochs.Count + 1}; the model has the weights of epoch {result.WeightsEpoch}."
                : "Training was cancelled in its first epoch; the model has the weights at that moment.");
    }

    /// <summary>What a training needs, before it begins.</summary>
    private sealed record Preparation(
        IChannel Channel,
        NetworkChoice Choice,
        StartingWeights Starting,
        PredictionTask Task,
        DataViewSchema.Column Feature,
        ImageDataset Training,
        ImageDataset? Validation,
        PixelNormalization Normalization)
    {
        /// <summary>How the targets are scaled; null where they stay as they are.</summary>
        public TargetScaling? Scaling { get; init; }

        /// <summary>Samples with targets as the network learns them.</summary>
        public ImageDataset Scaled(ImageDataset samples) => Scaling?.Apply(samples) ?? samples;
    }
}
