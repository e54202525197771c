extern alias MLNetInternals;

using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Fitting;
using Microsoft.ML.ConvNet.ModelStorage;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Scoring;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// A trained network in a pipeline: reads a column of images and adds columns of what it predicts. It is saved and loaded with the model that it is part
/// of.
/// </summary>
/// <remarks>
/// <para>
/// Which columns there are follows from the task (<see cref="Task"/>); <see cref="ConvNetMulticlassTrainer"/>, <see cref="ConvNetBinaryTrainer"/>,
/// <see cref="ConvNetRegressionTrainer"/> and <see cref="ConvNetMultiLabelTrainer"/> have a table each. Of classes the probabilities are a vector of Single, one a class, with the annotations SlotNames and TrainingLabelValues where the label
/// column had key values; the predicted label is a key of the label's type, with KeyValues, so that MapKeyToValue gives the class's own
/// value. A row gives the same bits alone or among others, at any number of threads; any number of threads may score at once.
/// </para>
/// <para>
/// Its directory in a model file holds the network as network.json, the weights as weights.safetensors, which other tools can open, and
/// settings.json.
/// </para>
/// </remarks>
public sealed class ConvNetTransformer
    : ISingleFeaturePredictionTransformer<ConvNetModelParameters>, MLNetInternals::Microsoft.ML.ISingleFeaturePredictionTransformer, IDisposable
{
    private readonly IHost _host;
    private readonly ScoringModel _model;
    private readonly ScoringColumns _columns;

    internal ConvNetTransformer(
        IHostEnvironment environment,
        ConvNetModelParameters parameters,
        ScoringColumns columns,
        string? labelColumn,
        DataViewType featureType,
        int numberOfThreads = 0,
        IReadOnlyList<EpochMetrics>? trainingReport = null)
    {
        _host = environment.Register(nameof(ConvNetTransformer));
        _columns = columns;
        _model = new ScoringModel(parameters.Network, parameters.Weights, parameters.Normalization, numberOfThreads);
        Model = parameters;
        LabelColumnName = labelColumn;
        FeatureColumnType = featureType;
        TrainingReport = trainingReport ?? [];
    }

    /// <inheritdoc/>
    public ConvNetModelParameters Model { get; }

    /// <summary>The network.</summary>
    public Network Network => Model.Network;

    /// <summary>The weights.</summary>
    public Weights Weights => Model.Weights;

    /// <summary>The names of the classes or labels, in the order of the network's outputs; none where they have none.</summary>
    public IReadOnlyList<string> ClassNames => Model.ClassNames;

    /// <summary>The column of the images.</summary>
    public string FeatureColumnName => _columns.Feature;

    /// <summary>The type of the column that was trained on.</summary>
    public DataViewType FeatureColumnType { get; }

    /// <summary>What the network predicts.</summary>
    public ConvNetTask Task => Model.Task;

    /// <summary>
    /// The column that receives the scores: the probabilities of classes or labels, the log-odds of a binary classification, or the numbers of a regression.
    /// </summary>
    public string ScoreColumnName => _columns.Score;

    /// <summary>The column that receives the most probable class, the answer or the labels; null in a regression, where the scores are what is predicted.</summary>
    public string? PredictedLabelColumnName => _columns.PredictedLabel;

    /// <summary>The column that receives the probability in a binary classification; null in others.</summary>
    public string? ProbabilityColumnName => _columns.Probability;

    /// <summary>The column of the labels that was trained on.</summary>
    public string? LabelColumnName { get; }

    /// <summary>
    /// As what <c>mlContext.Model.Save</c> and <see cref="SaveNetwork"/> write the weights: 32-bit floats where nothing else was said, or halves in about half the
    /// space. The weights in memory stay as they are; a model of halves scores with the rounded ones.
    /// </summary>
    public WeightStorage WeightStorage { get; set; }

    /// <summary>How each completed epoch of the training went; empty where the transformer was loaded from a file.</summary>
    public IReadOnlyList<EpochMetrics> TrainingReport { get; }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>
    /// The model that a training had until it ended by an exception, as after a cancellation: with the weights of the best epoch, or, where
    /// none was completed or <see cref="ConvNetTrainingOptions.KeepBest"/> is false, those of that moment.
    /// </summary>
    /// <param name="exception">What Fit threw, of whatever kind: the training diverged, or a callback threw it.</param>
    /// <returns>
    /// The model, without the steps of the pipeline before and after it; null where no training was begun, or only weights that diverged are
    /// left.
    /// </returns>
    /// <example>
    /// <code>
    /// try
    /// {
    ///     model = trainer.Fit(rows);
    /// }
    /// catch (TrainingDivergedException exception) when (ConvNetTransformer.FromFailure(exception) is { } best)
    /// {
    ///     model = best;
    /// }
    /// </code>
    /// </example>
    public static ConvNetTransformer? FromFailure(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return TrainingFailure.ModelOf(exception);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The column of the images is missing, or cannot feed the network.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The column of the images is missing, or cannot feed the network.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        WarnOfOtherKeys(input.Schema);
        return new AddingDataView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new AddingMapper(_host, Bind(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        MLNetInternalsUse.Save(ctx, Streams());
    }

    /// <summary>Pairs the scores of a row with the names of the classes or labels, the highest score first; of equal ones in the order of the outputs.</summary>
    /// <param name="scores">What the score column has, one number a class.</param>
    /// <param name="count">The most pairs to give; all where not given.</param>
    /// <exception cref="ArgumentException">There is not a score for each name, or there are no names.</exception>
    /// <example>
    /// <code>
    /// foreach (ClassScore guess in transformer.Rank(prediction.Score, count: 3)) { Console.WriteLine($"{guess.Name} {guess.Score:P1}"); }
    /// </code>
    /// </example>
    public IReadOnlyList<ClassScore> Rank(IReadOnlyList<float> scores, int count = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return scores.Count == ClassNames.Count && scores.Count > 0
            ? [.. scores.Select((score, i) => new ClassScore(ClassNames[i], score)).OrderByDescending(pair => pair.Score).Take(count)]
            : throw new ArgumentException(
                FormattableString.Invariant($"There is a score for each of the {ClassNames.Count} names of outputs. Received: {scores.Count} scores."), nameof(scores));
    }

    /// <summary>
    /// Writes the network, its weights and the settings to a zip of their own, without the pipeline around them. The scoring-only overload
    /// of Transforms.ConvNet reads it.
    /// </summary>
    /// <param name="path">The file.</param>
    public void SaveNetwork(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelFile.Write(path, Streams());
    }

    /// <summary>
    /// Frees the memory that scoring takes, as soon as no thread scores. The transformer stays usable, for a PredictionEngine disposes
    /// of the one it was made from even where others share it: a later use compiles the network anew. Any thread may do so while others
    /// score. The weights are not disposed of.
    /// </summary>
    public void Dispose() => _model.Dispose();

    // Evaluate compares keys by their numbers, whatever these stand for.
    private void WarnOfOtherKeys(DataViewSchema schema)
    {
        if (Model.Prediction is MulticlassTask task && LabelColumnName is not null && schema.GetColumnOrNull(LabelColumnName) is { } label
            && task.KeyMismatchOf(label) is { } others)
        {
            using IChannel channel = _host.Start("Transform");
            channel.Warning(
                MessageSensitivity.Schema,
                $"The keys of the column \"{LabelColumnName}\" stand for {others}, those of \"{PredictedLabelColumnName}\" for {NameList.Of(task.Names)}: Evaluate would "
                + "compare numbers that mean different classes; transform the rows with the MapValueToKey that was fitted for the training.");
        }
    }

    private ModelStreams Streams() => new(Model, _columns, LabelColumnName, FeatureColumnType) { Storage = WeightStorage };

    private ScoringBinding Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ScoringBinding(_host, Model, _model, _columns, inputSchema);
    }
}
