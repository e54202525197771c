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
/// The <see cref="IEstimator{TTransformer}"/> that trains a convolutional network to tell classes of images apart.
/// </summary>
/// <remarks>
/// <para>
/// To create this trainer, use ConvNet of <c>mlContext.MulticlassClassification.Trainers</c>.
/// </para>
/// <para><b>Input and output columns</b></para>
/// <para>
/// The label column is a key column, as MapValueToKey makes it; or it holds texts, Booleans, integers or whole numbers of Single, each value of which is a class, in
/// order (texts by their characters): the rows are gone through once for them. Rows with a missing label are left out of training. The feature column
/// holds images (<see cref="Microsoft.ML.Data.MLImage"/>), or vectors of known size of <see cref="float"/> or <see cref="byte"/>, whose
/// order is read off the dimensions of their type. Transparent pixels of images lie on white, unless
/// <see cref="ConvNetTrainingOptions.ImageBackground"/> says otherwise.
/// </para>
/// <list type="table">
/// <listheader><term>Output column</term><description>Type and meaning</description></listheader>
/// <item>
/// <term><c>Score</c></term>
/// <description>
/// Vector of <see cref="float"/>: the probability of each class. The annotation SlotNames has the classes' names.
/// </description>
/// </item>
/// <item>
/// <term><c>PredictedLabel</c></term>
/// <description>Key of the label's type: the class of the highest probability. MapKeyToValue gives its value.</description>
/// </item>
/// </list>
/// <para><b>Characteristics</b></para>
/// <list type="table">
/// <item><term>Machine learning task</term><description>Multiclass classification</description></item>
/// <item>
/// <term>Is normalization required?</term>
/// <description>No: pixels are normalised by the trainer, and alike when scoring</description>
/// </item>
/// <item><term>Is caching required?</term><description>No: rows are read once</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ConvNet</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// <para>
/// Training minimises the cross-entropy of the softmax. The same seed, rows and options give the same bits at any number of threads.
/// </para>
/// </remarks>
public sealed class ConvNetMulticlassTrainer : ITrainerEstimator<ConvNetTransformer, ConvNetModelParameters>
{
    private readonly NetworkFit _fit;

    internal ConvNetMulticlassTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options copy = (Options)options.Clone();
        FitColumns columns = new(
            copy.LabelColumnName, new ScoringColumns(copy.FeatureColumnName, copy.ScoreColumnName, copy.PredictedLabelColumnName))
        {
            Weight = copy.ExampleWeightColumnName,
        };
        _fit = new NetworkFit(environment.Register(nameof(ConvNetMulticlassTrainer)), MulticlassTask.Learning(copy.PredictedLabelAsText), columns, copy);
    }

    /// <inheritdoc/>
    public TrainerInfo Info { get; } = MLNetConstructors.NewTrainerInfo(
        normalization: false, calibration: false, caching: false, supportValid: true, supportIncrementalTrain: false, supportTest: false);

    /// <summary>Trains a network.</summary>
    /// <param name="input">The rows to train with.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or does not fit the network; no row was read.</exception>
    /// <exception cref="Layers.NetworkDefinitionException">The network cannot be built for these images; no row was read.</exception>
    /// <exception cref="InvalidDataException">A row cannot be used; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled before its first batch.</exception>
    /// <exception cref="TrainingDivergedException">
    /// The loss or the weights are no longer finite. What was learnt before is not lost: <see cref="ConvNetTransformer.FromFailure"/> gives the
    /// model, of this exception as of any other that ends a training, such as one that a callback throws.
    /// </exception>
    public ConvNetTransformer Fit(IDataView input) => _fit.Fit(input);

    /// <summary>Trains a network.</summary>
    /// <param name="trainData">The rows to train with.</param>
    /// <param name="validationData">The rows with which each epoch's weights are judged.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public ConvNetTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(validationData);
        return _fit.Fit(trainData, validationData);
    }

    /// <summary>
    /// Looks for a learning rate: makes steps with one that grows from very small to very large, and shows how the loss goes (Smith, "Cyclical learning
    /// rates for training neural networks", 2017). No model comes of it, and weights of the options stay as they are.
    /// </summary>
    /// <param name="input">The rows to train with; validation rows are left out of it.</param>
    /// <param name="finder">How it looks; as usual where not given.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or does not fit the network; no row was read.</exception>
    /// <exception cref="InvalidDataException">A row cannot be used; the message names it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LearningRateCurve FindLearningRate(IDataView input, LearningRateFinder? finder = null) =>
        _fit.FindLearningRate(input, finder ?? new LearningRateFinder());

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that will not do.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _fit.GetOutputSchema(inputSchema);

    /// <summary>What the trainer can be told.</summary>
    public sealed class Options : ConvNetClassificationOptions
    {
        /// <summary>The column of the images.</summary>
        public string FeatureColumnName { get; set; } = "Features";

        /// <summary>The name of the column that receives the probabilities.</summary>
        public string ScoreColumnName { get; set; } = "Score";

        /// <summary>
        /// Whether the predicted label is the class's name, as a text; else it is a key of the label's type, which Evaluate of ML.NET takes and MapKeyToValue
        /// gives the value of.
        /// </summary>
        public bool PredictedLabelAsText { get; set; }
    }
}
