using Microsoft.ML.ConvNet.Fitting;
using Microsoft.ML.ConvNet.ModelStorage;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Scoring;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that scores with a network that was trained before and stands in a file; nothing is learnt
/// when it is fitted.
/// </summary>
/// <remarks>
/// <para>To create this estimator, use ConvNet of <c>mlContext.Transforms</c> with a model file.</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item>
/// <term>Input column</term>
/// <description><see cref="MLImage"/>, or vector of known size of <see cref="float"/> or <see cref="byte"/></description>
/// </item>
/// <item><term>Output column</term><description>Vector of <see cref="float"/>: the probability of each class</description></item>
/// <item><term><c>PredictedLabel</c></term><description>Key of the type that the label had in training</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ConvNet</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class ConvNetScoringEstimator : IEstimator<ConvNetTransformer>
{
    private readonly IHost _host;
    private readonly FitColumns _columns;
    private readonly ModelStreams _streams;

    internal ConvNetScoringEstimator(IHostEnvironment environment, ScoringColumns columns, string modelFile)
    {
        columns.Check();
        _host = environment.Register(nameof(ConvNetScoringEstimator));
        _columns = new FitColumns(null, columns);
        _streams = ModelFile.Read(modelFile);
    }

    /// <summary>The trained network.</summary>
    public ConvNetModelParameters Model => _streams.Parameters;

    /// <summary>Binds the network to the columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or cannot feed the network.</exception>
    public ConvNetTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ConvNetTransformer transformer = new(_host, _streams.Parameters, _columns.Scoring, _streams.LabelColumn, _streams.FeatureType);
        _ = transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or of a type that will not do.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _ = _columns.Check(_host, inputSchema);
        return ScoreColumns.Append(inputSchema, _streams.Parameters.Labels, _columns.Scoring.Score, _columns.Scoring.PredictedLabel);
    }
}
