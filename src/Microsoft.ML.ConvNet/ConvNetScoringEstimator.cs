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
    private readonly int _numberOfThreads;

    internal ConvNetScoringEstimator(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ScoringColumns columns = new(options.InputColumnName, options.OutputColumnName, options.PredictedLabelColumnName);
        columns.Check();
        ArgumentException.ThrowIfNullOrEmpty(options.ModelFile);
        Check(options);
        _host = environment.Register(nameof(ConvNetScoringEstimator));
        _columns = new FitColumns(null, columns);
        _numberOfThreads = options.NumberOfThreads;
        _streams = ModelFile.Read(options.ModelFile);
        Model = options.ImageLayout == ImageLayout.Auto ? _streams.Parameters : _streams.Parameters.With(options.ImageLayout);
    }

    /// <summary>The trained network.</summary>
    public ConvNetModelParameters Model { get; }

    /// <summary>Binds the network to the columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or cannot feed the network.</exception>
    public ConvNetTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ConvNetTransformer transformer = new(
            _host, Model, _columns.Scoring, _streams.LabelColumn, _streams.FeatureType, _numberOfThreads);
        _ = transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or of a type that will not do.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _ = _columns.Check(_host, inputSchema);
        return ScoreColumns.Append(inputSchema, Model.Labels, _columns.Scoring.Score, _columns.Scoring.PredictedLabel);
    }

    private static void Check(Options options)
    {
        if (options.NumberOfThreads < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"{nameof(options.NumberOfThreads)} is 0, for one a core, or more. Received: {options.NumberOfThreads}.");
        }

        if (!Enum.IsDefined(options.ImageLayout))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"{nameof(options.ImageLayout)} is one of {string.Join(", ", Enum.GetNames<ImageLayout>())}. "
                + $"Received: {options.ImageLayout}.");
        }
    }

    /// <summary>What the estimator can be told.</summary>
    public sealed class Options
    {
        /// <summary>The name of the column that receives the probabilities.</summary>
        public string OutputColumnName { get; set; } = "Score";

        /// <summary>The column of the images.</summary>
        public string InputColumnName { get; set; } = "Features";

        /// <summary>
        /// A file that <see cref="ConvNetTransformer.SaveNetwork"/> wrote, or an ML.NET model file with one
        /// <see cref="ConvNetTransformer"/> in it.
        /// </summary>
        public string ModelFile { get; set; } = string.Empty;

        /// <summary>The name of the column that receives the most probable class.</summary>
        public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

        /// <summary>
        /// The order of a vector's values where the dimensions of the column's type leave it open; with <see cref="ImageLayout.Auto"/> it
        /// is the order that was given when the network was trained.
        /// </summary>
        public ImageLayout ImageLayout { get; set; } = ImageLayout.Auto;

        /// <summary>The most threads to use; 0 for one a core. The scores do not depend on it.</summary>
        public int NumberOfThreads { get; set; }
    }
}
