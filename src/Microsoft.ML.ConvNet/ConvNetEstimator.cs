using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Fitting;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that trains a convolutional network, in the vocabulary of transforms: the same training as
/// <see cref="ConvNetMulticlassTrainer"/>, with an output column of a name of its own.
/// </summary>
/// <remarks>
/// <para>To create this estimator, use ConvNet of <c>mlContext.Transforms</c> with a network.</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item>
/// <term>Input column</term>
/// <description><see cref="Microsoft.ML.Data.MLImage"/>, or vector of known size of <see cref="float"/> or <see cref="byte"/></description>
/// </item>
/// <item><term>Label column</term><description>Key</description></item>
/// <item><term>Output column</term><description>Vector of <see cref="float"/>: the probability of each class</description></item>
/// <item><term><c>PredictedLabel</c></term><description>Key of the label's type: the class of the highest probability</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ConvNet</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class ConvNetEstimator : IEstimator<ConvNetTransformer>
{
    private readonly NetworkFit _fit;

    internal ConvNetEstimator(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options copy = (Options)options.Clone();
        FitColumns columns = new(
            copy.LabelColumnName, new ScoringColumns(copy.InputColumnName, copy.OutputColumnName, copy.PredictedLabelColumnName))
        {
            Weight = copy.ExampleWeightColumnName,
        };
        _fit = new NetworkFit(environment.Register(nameof(ConvNetEstimator)), MulticlassTask.Learning(copy.PredictedLabelAsText), columns, copy);
    }

    /// <inheritdoc cref="ConvNetMulticlassTrainer.Fit(IDataView)"/>
    public ConvNetTransformer Fit(IDataView input) => _fit.Fit(input);

    /// <inheritdoc cref="ConvNetMulticlassTrainer.FindLearningRate(IDataView, LearningRateFinder?)"/>
    public LearningRateCurve FindLearningRate(IDataView input, LearningRateFinder? finder = null) =>
        _fit.FindLearningRate(input, finder ?? new LearningRateFinder());

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that will not do.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _fit.GetOutputSchema(inputSchema);

    /// <summary>What the estimator can be told.</summary>
    public sealed class Options : ConvNetClassificationOptions
    {
        /// <summary>The name of the column that receives the probabilities.</summary>
        public string OutputColumnName { get; set; } = "Score";

        /// <summary>The column of the images.</summary>
        public string InputColumnName { get; set; } = "Features";

        /// <summary>
        /// Whether the predicted label is the class's name, as a text; else it is a key of the label's type, which Evaluate of ML.NET takes and MapKeyToValue
        /// gives the value of.
        /// </summary>
        public bool PredictedLabelAsText { get; set; }
    }
}
