using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Fitting;
using Microsoft.ML.ConvNet.MLNet;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that trains a convolutional network to tell whether something is so of an image.
/// </summary>
/// <remarks>
/// <para>
/// To create this trainer, use ConvNet of <c>mlContext.BinaryClassification.Trainers</c>.
/// </para>
/// <para><b>Input and output columns</b></para>
/// <para>
/// The label column is a column of <see cref="bool"/>. The feature column holds images (<see cref="Microsoft.ML.Data.MLImage"/>), or vectors of known size
/// of <see cref="float"/> or <see cref="byte"/>, as those of <see cref="ConvNetMulticlassTrainer"/>.
/// </para>
/// <list type="table">
/// <listheader><term>Output column</term><description>Type and meaning</description></listheader>
/// <item><term><c>Score</c></term><description><see cref="float"/>: the log-odds, ln(p / (1 - p)) of the probability p.</description></item>
/// <item><term><c>Probability</c></term><description><see cref="float"/>: how probable it is that the label is true.</description></item>
/// <item><term><c>PredictedLabel</c></term><description><see cref="bool"/>: whether the score is over 0.</description></item>
/// </list>
/// <para><b>Characteristics</b></para>
/// <list type="table">
/// <item><term>Machine learning task</term><description>Binary classification</description></item>
/// <item>
/// <term>Is normalization required?</term>
/// <description>No: pixels are normalised by the trainer, and alike when scoring</description>
/// </item>
/// <item><term>Is caching required?</term><description>No: rows are read once</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ConvNet</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// <para>
/// The network has two outputs, false and true, and training minimises the cross-entropy of their softmax, of which the score is the difference of the two
/// logits. The same seed, rows and options give the same bits at any number of threads.
/// </para>
/// </remarks>
public sealed class ConvNetBinaryTrainer : ITrainerEstimator<ConvNetTransformer, ConvNetModelParameters>
{
    private readonly NetworkFit _fit;

    internal ConvNetBinaryTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options copy = (Options)options.Clone();
        ArgumentException.ThrowIfNullOrEmpty(copy.ProbabilityColumnName);
        FitColumns columns = new(
            copy.LabelColumnName,
            ScoringColumns.Of(
                ConvNetTask.Binary, copy.FeatureColumnName, copy.ScoreColumnName, copy.PredictedLabelColumnName, copy.ProbabilityColumnName))
        {
            Weight = copy.ExampleWeightColumnName,
        };
        _fit = new NetworkFit(environment.Register(nameof(ConvNetBinaryTrainer)), BinaryTask.Learning, columns, copy);
    }

    /// <inheritdoc/>
    public TrainerInfo Info { get; } = MLNetConstructors.NewTrainerInfo(
        normalization: false, calibration: false, caching: false, supportValid: true, supportIncrementalTrain: false, supportTest: false);

    /// <inheritdoc cref="ConvNetMulticlassTrainer.Fit(IDataView)"/>
    public ConvNetTransformer Fit(IDataView input) => _fit.Fit(input);

    /// <inheritdoc cref="ConvNetMulticlassTrainer.Fit(IDataView, IDataView)"/>
    public ConvNetTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(validationData);
        return _fit.Fit(trainData, validationData);
    }

    /// <inheritdoc cref="ConvNetMulticlassTrainer.FindLearningRate"/>
    public LearningRateCurve FindLearningRate(IDataView input, LearningRateFinder? finder = null) =>
        _fit.FindLearningRate(input, finder ?? new LearningRateFinder());

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that will not do.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _fit.GetOutputSchema(inputSchema);

    /// <summary>What the trainer can be told. Classes by name are <c>false</c> and <c>true</c>.</summary>
    public sealed class Options : ConvNetClassificationOptions
    {
        /// <summary>The column of the images.</summary>
        public string FeatureColumnName { get; set; } = "Features";

        /// <summary>The name of the column that receives the log-odds.</summary>
        public string ScoreColumnName { get; set; } = "Score";

        /// <summary>The name of the column that receives the probability of true.</summary>
        public string ProbabilityColumnName { get; set; } = "Probability";
    }
}
