using Microsoft.ML.ConvNet.Fitting;
using Microsoft.ML.ConvNet.MLNet;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that teaches a trained network other classes: transfer learning from a <see cref="PretrainedModel"/>.
/// </summary>
/// <remarks>
/// <para>To create this trainer, use ConvNetFineTuning of <c>mlContext.MulticlassClassification.Trainers</c>.</para>
/// <para><b>What it does</b></para>
/// <list type="number">
/// <item><description>Images are brought to the size that the network takes and normalised as it wants them.</description></item>
/// <item>
/// <description>
/// What stands before the network's classifier makes of each image its features, once. A new classifier, one fully connected layer and a softmax, is trained
/// on them: an epoch takes a moment. Features have mean 0 and deviations of at most 1 meanwhile, which the layer's weights take in afterwards.
/// </description>
/// </item>
/// <item>
/// <description>
/// The whole network is trained on the images, augmented where that is asked for, at a smaller rate that falls along a cosine, and that is smaller yet
/// for deeper layers. Batch normalisation keeps its statistics, scales and shifts.
/// </description>
/// </item>
/// </list>
/// <para><b>Input and output columns</b></para>
/// <para>
/// The label column is a key column, as MapValueToKey makes it; or it holds texts, Booleans, integers or whole numbers of Single, each value of which is a class, in
/// order (texts by their characters): the rows are gone through once for them. Rows with a missing label are left out. The feature column holds images of any size
/// (<see cref="Microsoft.ML.Data.MLImage"/>), the bytes of image files as LoadRawImageBytes reads them (vectors of unknown size of <see cref="byte"/>), or
/// pixels of the network's size (vectors of known size of <see cref="float"/> or <see cref="byte"/>). The model that is fitted takes the same, of any size.
/// </para>
/// <list type="table">
/// <listheader><term>Output column</term><description>Type and meaning</description></listheader>
/// <item><term><c>Score</c></term><description>Vector of <see cref="float"/>: the probability of each class</description></item>
/// <item>
/// <term><c>PredictedLabel</c></term>
/// <description>Key of the label's type: the class of the highest probability. MapKeyToValue gives its value.</description>
/// </item>
/// </list>
/// <para><b>Characteristics</b></para>
/// <list type="table">
/// <item><term>Machine learning task</term><description>Multiclass classification</description></item>
/// <item><term>Is normalization required?</term><description>No</description></item>
/// <item><term>Is caching required?</term><description>No: rows are read once</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ConvNet</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// <para>The same seed, rows and options give the same bits at any number of threads.</para>
/// </remarks>
public sealed partial class ConvNetFineTuningTrainer : ITrainerEstimator<ConvNetTransformer, ConvNetModelParameters>
{
    private readonly FineTuning _tuning;

    internal ConvNetFineTuningTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _tuning = new FineTuning(environment.Register(nameof(ConvNetFineTuningTrainer)), options.Clone());
    }

    /// <inheritdoc/>
    public TrainerInfo Info { get; } = MLNetConstructors.NewTrainerInfo(
        normalization: false, calibration: false, caching: false, supportValid: true, supportIncrementalTrain: false, supportTest: false);

    /// <summary>Trains a head, and then the network with it.</summary>
    /// <param name="input">The rows to train with.</param>
    /// <exception cref="ArgumentException">An option does not fit the network; no row was read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or does not fit the network; no row was read.</exception>
    /// <exception cref="Layers.NetworkDefinitionException">The network cannot work on images of this size; no row was read.</exception>
    /// <exception cref="InvalidDataException">A row cannot be used; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled before the first batch of the head.</exception>
    /// <exception cref="Training.TrainingDivergedException">
    /// The loss or the weights are no longer finite. What was learnt before is not lost: <see cref="ConvNetTransformer.FromFailure"/> gives the
    /// model, of this exception as of any other that ends a training.
    /// </exception>
    public ConvNetTransformer Fit(IDataView input) => _tuning.Fit(input, null);

    /// <summary>Trains a head, and then the network with it.</summary>
    /// <param name="trainData">The rows to train with.</param>
    /// <param name="validationData">The rows with which each epoch's weights are judged.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public ConvNetTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(validationData);
        return _tuning.Fit(trainData, validationData);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that will not do.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _tuning.GetOutputSchema(inputSchema);
}
