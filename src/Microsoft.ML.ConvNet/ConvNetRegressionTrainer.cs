using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Fitting;
using Microsoft.ML.ConvNet.MLNet;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that trains a convolutional network to predict a number of an image, or several.
/// </summary>
/// <remarks>
/// <para>
/// To create this trainer, use ConvNet of <c>mlContext.Regression.Trainers</c>.
/// </para>
/// <para><b>Input and output columns</b></para>
/// <para>
/// The label column is a column of <see cref="float"/>, or of vectors of known size of them; rows whose label is not a number are left out of training. The
/// feature column holds images (<see cref="Microsoft.ML.Data.MLImage"/>), or vectors of known size of <see cref="float"/> or <see cref="byte"/>, as those of
/// <see cref="ConvNetMulticlassTrainer"/>.
/// </para>
/// <list type="table">
/// <listheader><term>Output column</term><description>Type and meaning</description></listheader>
/// <item>
/// <term><c>Score</c></term>
/// <description>
/// <see cref="float"/>, or a vector of as many as the label has: what is predicted. The annotation SlotNames of the label column comes with a vector.
/// </description>
/// </item>
/// </list>
/// <para><b>Characteristics</b></para>
/// <list type="table">
/// <item><term>Machine learning task</term><description>Regression</description></item>
/// <item>
/// <term>Is normalization required?</term>
/// <description>No: pixels are normalised by the trainer, and alike when scoring</description>
/// </item>
/// <item><term>Is caching required?</term><description>No: rows are read once</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ConvNet</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// <para>
/// Where the network ends in a fully connected layer with biases and begins with weights of its own, it learns the labels brought to mean 0 and deviation
/// 1, so that their unit does not matter, and its last layer takes that in afterwards: losses that are told are those of such labels. The same seed, rows
/// and options give the same bits at any number of threads.
/// </para>
/// </remarks>
public sealed class ConvNetRegressionTrainer : ITrainerEstimator<ConvNetTransformer, ConvNetModelParameters>
{
    private readonly NetworkFit _fit;

    internal ConvNetRegressionTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options copy = (Options)options.Clone();
        FitColumns columns = new(copy.LabelColumnName, new ScoringColumns(copy.FeatureColumnName, copy.ScoreColumnName, PredictedLabel: null))
        {
            Weight = copy.ExampleWeightColumnName,
        };
        _fit = new NetworkFit(environment.Register(nameof(ConvNetRegressionTrainer)), RegressionTask.Learning, columns, copy);
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

        /// <summary>The name of the column that receives what is predicted.</summary>
        public string ScoreColumnName { get; set; } = "Score";

        /// <summary>What is made small: the mean square of the errors where not given; a <see cref="HuberLoss"/> minds outliers less.</summary>
        public ValueLoss? Loss { get; set; }
    }
}
