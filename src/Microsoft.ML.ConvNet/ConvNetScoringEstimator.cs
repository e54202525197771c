using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.ModelStorage;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.ConvNet.Scoring;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that scores with a network that was trained before, which stands in a file or is at hand;
/// nothing is learnt when it is fitted.
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
    private readonly string? _labelColumn;
    private readonly DataViewType? _featureType;
    private readonly int _numberOfThreads;

    internal ConvNetScoringEstimator(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Columns(options, options.Task).Check();
        Check(options);
        _host = environment.Register(nameof(ConvNetScoringEstimator));
        _numberOfThreads = options.NumberOfThreads;
        if (options.Network is not null)
        {
            Model = GivenNetwork.Parameters(options);
            _columns = new FitColumns(null, Columns(options, options.Task)) { AreResized = Model.ImageResizing != ImageResizing.None };
            return;
        }

        ModelStreams streams = ModelFile.Read(options.ModelFile);
        _labelColumn = streams.LabelColumn;
        _featureType = streams.FeatureType;
        ConvNetModelParameters model = streams.Parameters;
        Model = model.With(
            options.ImageLayout == ImageLayout.Auto ? model.ImageLayout : options.ImageLayout,
            options.ImageResizing ?? model.ImageResizing,
            options.ImageOrientation ?? model.ImageOrientation,
            options.PredictedLabelAsText is { } isText && model.Prediction is MulticlassTask task ? new MulticlassTask(task.Labels, isText) : model.Prediction);
        _columns = new FitColumns(null, Columns(options, Model.Task)) { AreResized = Model.ImageResizing != ImageResizing.None };
    }

    /// <summary>The trained network.</summary>
    public ConvNetModelParameters Model { get; }

    /// <summary>Binds the network to the columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or cannot feed the network.</exception>
    public ConvNetTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DataViewType featureType = _featureType
            ?? input.Schema.GetColumnOrNull(_columns.Scoring.Feature)?.Type
            ?? new VectorDataViewType(NumberDataViewType.Single, Model.Network.InputShape.ToArray());
        ConvNetTransformer transformer = new(_host, Model, _columns.Scoring, _labelColumn, featureType, _numberOfThreads);
        _ = transformer.GetOutputSchema(input.Schema);
        if (Model.Prediction.Warning is { } warning)
        {
            using IChannel channel = _host.Start("Fit");
            channel.Warning(MessageSensitivity.None, warning);
        }

        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or of a type that will not do.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _columns.CheckFeature(_host, inputSchema);
        return Model.Prediction.Append(inputSchema, _columns.Scoring);
    }

    private static ScoringColumns Columns(Options options, ConvNetTask task) => ScoringColumns.Of(
        task, options.InputColumnName, options.OutputColumnName, options.PredictedLabelColumnName, options.ProbabilityColumnName);

    private static void Check(Options options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.PredictedLabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.ProbabilityColumnName);

        if ((options.Network is null) != (options.Weights is null) || (options.Network is null) == string.IsNullOrEmpty(options.ModelFile))
        {
            throw new ArgumentException(
                $"There is {nameof(options.ModelFile)}, or {nameof(options.Network)} with {nameof(options.Weights)}. Received: "
                + $"{(string.IsNullOrEmpty(options.ModelFile) ? "no file" : "a file")}, {(options.Network is null ? "no network" : "a network")} and "
                + $"{(options.Weights is null ? "no weights" : "weights")}.",
                nameof(options));
        }

        if (options.NumberOfThreads is < 0 or > 1024)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                FormattableString.Invariant(
                    $"{nameof(options.NumberOfThreads)} is 0, for one a core, or up to 1024. Received: {options.NumberOfThreads}."));
        }

        GivenNetwork.RequireDefined(options.ImageLayout, nameof(options.ImageLayout));
        GivenNetwork.RequireDefined(options.ImageResizing ?? default, nameof(options.ImageResizing));
        GivenNetwork.RequireDefined(options.ImageOrientation ?? default, nameof(options.ImageOrientation));
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
        /// <see cref="ConvNetTransformer"/> in it; empty where <see cref="Network"/> is given.
        /// </summary>
        public string ModelFile { get; set; } = string.Empty;

        /// <summary>
        /// A network that is at hand instead of a file: it takes images <c>[H, W, C]</c> and gives a vector, one number a class.
        /// </summary>
        public Network? Network { get; set; }

        /// <summary>The weights of <see cref="Network"/>. They are not copied: they must live as long as what is made of this.</summary>
        public Weights? Weights { get; set; }

        /// <summary>
        /// The names of the classes, all different, in the order of the network's outputs; the numbers from 0 where not given.
        /// </summary>
        public IReadOnlyList<string>? ClassNames { get; set; }

        /// <summary>
        /// What is subtracted from pixel values, 0 to 255 of images, before <see cref="Network"/>: one number, or one a channel, or a mean
        /// image of the network's input shape; 0 where not given.
        /// </summary>
        public IReadOnlyList<float>? PixelOffsets { get; set; }

        /// <summary>What the differences are multiplied by: one number, or one a channel; 1 where not given.</summary>
        public IReadOnlyList<float>? PixelScales { get; set; }

        /// <summary>The order in which <see cref="Network"/> takes the colours of an image column.</summary>
        public ChannelOrder ChannelOrder { get; set; }

        /// <summary>
        /// What transparent pixels of an image column lie on before <see cref="Network"/> sees them; white where not given. With
        /// <see cref="ModelFile"/> it is as in training.
        /// </summary>
        public ImageBackground ImageBackground { get; set; }

        /// <summary>The name of the column that receives the most probable class.</summary>
        public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

        /// <summary>
        /// How images of another size than the network's are brought to it; as the model file says where not given, and refused of a network that is given.
        /// With it the column may also hold the bytes of image files, vectors of <see cref="byte"/> of any length, as LoadRawImageBytes reads them.
        /// </summary>
        public ImageResizing? ImageResizing { get; set; }

        /// <summary>Which way up images are of which the column holds the files; as the model file says, or as they are stored, where not given.</summary>
        public ImageOrientation? ImageOrientation { get; set; }

        /// <summary>The name of the column that receives the probability in a binary classification.</summary>
        public string ProbabilityColumnName { get; set; } = "Probability";

        /// <summary>
        /// Whether the predicted label is the class's name, as a text; else it is a key. As the model file says, or a key, where not given.
        /// </summary>
        public bool? PredictedLabelAsText { get; set; }

        /// <summary>
        /// What a <see cref="Network"/> predicts; one of several classes where not given. A binary classification has one output, the probability of true or
        /// its logit, or two, of false and true. A <see cref="ModelFile"/> says it itself.
        /// </summary>
        public ConvNetTask Task { get; set; }

        /// <summary>
        /// The order of a vector's values where the dimensions of the column's type leave it open; with <see cref="ImageLayout.Auto"/> it
        /// is the order that was given when the network was trained.
        /// </summary>
        public ImageLayout ImageLayout { get; set; } = ImageLayout.Auto;

        /// <summary>The most threads to use; 0 for one a core. The scores do not depend on it.</summary>
        public int NumberOfThreads { get; set; }
    }
}
