using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.Runtime;
using static System.FormattableString;
using Options = Microsoft.ML.ConvNet.ConvNetFineTuningTrainer.Options;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>Teaches a base model the classes of a data view's rows: first a head on its features, then the whole network.</summary>
internal sealed class FineTuning
{
    private readonly IHost _host;
    private readonly Options _options;
    private readonly FitColumns _columns;
    private readonly LearningTask _learning;
    private readonly int _seed;

    /// <summary>Checks what can be checked of the options before there is data.</summary>
    public FineTuning(IHost host, Options options)
    {
        FineTuningChecks.Check(options);
        ArgumentException.ThrowIfNullOrEmpty(options.LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.PredictedLabelColumnName);
        _columns = new FitColumns(
            options.LabelColumnName,
            new ScoringColumns(options.FeatureColumnName, options.ScoreColumnName, options.PredictedLabelColumnName))
        {
            Weight = options.ExampleWeightColumnName,
            AreResized = Resizing(options) != ImageResizing.None,
        };
        _columns.Scoring.Check();
        _learning = MulticlassTask.Learning(options.PredictedLabelAsText);
        _host = host;
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
    public ConvNetTransformer Fit(IDataView input, IDataView? validation)
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
        FineTuningColumns training = Bind("training", input);
        FineTuningColumns? validating = validation is null ? null : Bind("validation", validation, training.Task);
        TunedNetwork tuned = TunedNetwork.Of(_options, training.Task.OutputCount);
        FineTuningChecks.CheckPatterns(_options, tuned.Features, "layers before the new classifier");
        using Weights features = _options.BaseModel!.Weights.CopyFor(tuned.Features);
        _options.Augmentation?.CheckFor(tuned.Features.InputShape);
        bool isValidated = validation is not null || _options.ValidationSetFraction is not null;
        TunedNetwork.ForHead(_options, _seed, isValidated).Require(tuned.Head, isValidated);
        if (_options.FineTuningEpoch > 0)
        {
            tuned.ForWhole(_options, _seed, isValidated, samples: 1).Require(tuned.Whole, isValidated);
        }

        channel.Info(MessageSensitivity.None, $"{_options.BaseModel.Name} to the layer \"{tuned.Features.Nodes[^1].Name}\": {tuned.Whole}");
        ClassLabels labels = ((MulticlassTask)training.Task).Labels;
        _options.ClassWeights?.Check(labels);
        if (training.Task.Warning is { } warning)
        {
            channel.Warning(MessageSensitivity.None, warning);
        }

        if (_options.WorkspacePath is { } folder)
        {
            FeatureCache.RequireFolder(folder);
        }

        ReadingSettings reading = new(_options.NumberOfThreads, _options.SkipUnreadableImages, _options.CancellationToken);
        using CachedDataset rows = training.Read(channel, reading, _options.CacheBudget);
        using CachedDataset? validationRows = validating?.Read(channel, reading, Math.Max(0, _options.CacheBudget - rows.BytesInMemory));
        (ImageDataset trained, ImageDataset? judging) = Divide(rows, validationRows);
        channel.Info(
            MessageSensitivity.None,
            Invariant($"{trained.Count} training images, {judging?.Count ?? 0} validation images, {training.Task.Text}"));
        FineTuningRun run = new(channel, _options, _seed, tuned, labels, trained, judging, Transformer(training));
        return run.Run(features);
    }

    private static ImageResizing Resizing(Options options) => options.Resizing ?? options.BaseModel!.Resizing;

    private FineTuningColumns Bind(string what, IDataView rows, PredictionTask? task = null)
    {
        PretrainedModel model = _options.BaseModel!;
        Tensors.Shape shape = model.Network.InputShape;
        return FineTuningColumns.Of(
            _host,
            what,
            rows,
            _columns,
            model,
            [_options.ImageHeight ?? shape.Height, _options.ImageWidth ?? shape.Width, shape.Channels],
            Resizing(_options),
            _options.ImageOrientation,
            _learning,
            task);
    }

    private (ImageDataset Training, ImageDataset? Validation) Divide(CachedDataset rows, CachedDataset? validation)
    {
        if (_options.ValidationSetFraction is not { } fraction)
        {
            return (rows, validation);
        }

        DatasetSplit split = DatasetSplit.Stratified(rows, fraction, unchecked((uint)_seed));
        return (split.Training, split.Validation);
    }

    /// <summary>What makes the model of weights.</summary>
    private Func<Weights, IReadOnlyList<EpochMetrics>, ConvNetTransformer> Transformer(FineTuningColumns training) => (weights, epochs) =>
    {
        PretrainedModel model = _options.BaseModel!;
        ConvNetModelParameters parameters = new(weights.Network, weights, model.NormalizationFor(weights.Network.InputShape), ImageLayout.Auto, training.Task)
        {
            ChannelOrder = model.ChannelOrder,
            ImageBackground = model.ImageBackground,
            ImageResizing = Resizing(_options),
            ImageOrientation = _options.ImageOrientation,
        };
        return new ConvNetTransformer(
            _host, parameters, _columns.Scoring, _columns.Label, training.Source.Column.Type, _options.NumberOfThreads, epochs)
        {
            WeightStorage = _options.WeightStorage,
        };
    };
}
