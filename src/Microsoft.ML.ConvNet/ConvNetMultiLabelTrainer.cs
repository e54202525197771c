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
/// The <see cref="IEstimator{TTransformer}"/> that trains a convolutional network to tell which of several labels an image has, none of which excludes
/// another.
/// </summary>
/// <remarks>
/// <para>
/// To create this trainer, use ConvNetMultiLabel of <c>mlContext.MulticlassClassification.Trainers</c>. ML.NET itself has no such task, and no evaluator for
/// it.
/// </para>
/// <para><b>Input and output columns</b></para>
/// <para>
/// The label column is a column of vectors of known size of <see cref="bool"/>, or of <see cref="float"/> from 0 to 1: a value a label; rows with one that is
/// not a number are left out of training. The feature column holds images (<see cref="Microsoft.ML.Data.MLImage"/>), or vectors of known size of
/// <see cref="float"/> or <see cref="byte"/>, as those of <see cref="ConvNetMulticlassTrainer"/>.
/// </para>
/// <list type="table">
/// <listheader><term>Output column</term><description>Type and meaning</description></listheader>
/// <item>
/// <term><c>Score</c></term>
/// <description>Vector of <see cref="float"/>: the probability of each label. The annotation SlotNames is that of the label column.</description>
/// </item>
/// <item>
/// <term><c>PredictedLabel</c></term>
/// <description>Vector of <see cref="bool"/>: whether the probability of each label is over a half. The annotation SlotNames is that of the label column.</description>
/// </item>
/// </list>
/// <para><b>Characteristics</b></para>
/// <list type="table">
/// <item><term>Machine learning task</term><description>Multi-label classification</description></item>
/// <item>
/// <term>Is normalization required?</term>
/// <description>No: pixels are normalised by the trainer, and alike when scoring</description>
/// </item>
/// <item><term>Is caching required?</term><description>No: rows are read once</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ConvNet</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// <para>
/// Training minimises the binary cross-entropy of the sigmoids, the mean over the labels. The same seed, rows and options give the same bits at any number
/// of threads.
/// </para>
/// </remarks>
public sealed class ConvNetMultiLabelTrainer : ITrainerEstimator<ConvNetTransformer, ConvNetModelParameters>
{
    private readonly NetworkFit _fit;

    internal ConvNetMultiLabelTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options copy = (Options)options.Clone();
        ArgumentException.ThrowIfNullOrEmpty(copy.PredictedLabelColumnName);
        FitColumns columns = new(
            copy.LabelColumnName, new ScoringColumns(copy.FeatureColumnName, copy.ScoreColumnName, copy.PredictedLabelColumnName))
        {
            Weight = copy.ExampleWeightColumnName,
        };
        _fit = new NetworkFit(environment.Register(nameof(ConvNetMultiLabelTrainer)), MultiLabelTask.Learning, columns, copy);
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

    /// <summary>What the trainer can be told.</summary>
    public sealed class Options : ConvNetTrainingOptions
    {
        /// <summary>The column of the images.</summary>
        public string FeatureColumnName { get; set; } = "Features";

        /// <summary>The name of the column that receives the probabilities.</summary>
        public string ScoreColumnName { get; set; } = "Score";

        /// <summary>The name of the column that receives which labels are more probable than not.</summary>
        public string PredictedLabelColumnName { get; set; } = "PredictedLabel";
    }
}
