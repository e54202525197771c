using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Featurizing;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that makes features of images with the first layers of a trained network; nothing is learnt when it is fitted.
/// </summary>
/// <remarks>
/// <para>To create this estimator, use ConvNetFeaturizer of <c>mlContext.Transforms</c>.</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item>
/// <term>Input column</term>
/// <description>
/// <see cref="MLImage"/> of any size; vector of unknown size of <see cref="byte"/>, the bytes of an image file as LoadRawImageBytes reads them; or vector of
/// known size of <see cref="float"/> or <see cref="byte"/>, pixels of the network's size
/// </description>
/// </item>
/// <item><term>Output column</term><description>Vector of known size of <see cref="float"/></description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ConvNet</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// <para>
/// Features are computed each time a row is read. Trainers that read their rows more than once want <c>AppendCacheCheckpoint</c> between the two.
/// </para>
/// </remarks>
public sealed class ConvNetFeaturizerEstimator : IEstimator<ConvNetFeaturizerTransformer>
{
    private readonly IHost _host;
    private readonly FeaturizerModel _featurizer;
    private readonly int _numberOfThreads;

    internal ConvNetFeaturizerEstimator(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        PretrainedModel model = options.Model
            ?? throw new ArgumentException($"{nameof(options.Model)} is the network that makes the features. Received: none.", nameof(options));
        RequireRange(options.ImageHeight is null or >= 1, nameof(options.ImageHeight), "at least 1", options.ImageHeight);
        RequireRange(options.ImageWidth is null or >= 1, nameof(options.ImageWidth), "at least 1", options.ImageWidth);
        RequireRange(options.NumberOfThreads is >= 0 and <= 1024, nameof(options.NumberOfThreads), "from 0 to 1024", options.NumberOfThreads);
        RequireRange(
            options.Resizing is null || Enum.IsDefined(options.Resizing.Value), nameof(options.Resizing), "one of its names", options.Resizing);
        RequireRange(Enum.IsDefined(options.ImageOrientation), nameof(options.ImageOrientation), "one of its names", options.ImageOrientation);
        Network features = model.Features(options.Layer, options.Pooling ?? options.Layer is null, options.ImageHeight, options.ImageWidth);
        _host = environment.Register(nameof(ConvNetFeaturizerEstimator));
        _numberOfThreads = options.NumberOfThreads;
        _featurizer = new FeaturizerModel(
            string.IsNullOrEmpty(options.InputColumnName) ? options.OutputColumnName : options.InputColumnName,
            options.OutputColumnName,
            features,
            model.Weights.CopyFor(features),
            model.NormalizationFor(features.InputShape))
        {
            ChannelOrder = model.ChannelOrder,
            Background = model.ImageBackground,
            Resizing = options.Resizing ?? model.Resizing,
            Orientation = options.ImageOrientation,
        };
    }

    /// <summary>Binds the network to the columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or cannot feed the network.</exception>
    public ConvNetFeaturizerTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ConvNetFeaturizerTransformer transformer = new(_host, _featurizer, _numberOfThreads);
        _ = transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or of a type that will not do.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _featurizer.Check(_host, inputSchema);
        return SchemaColumns.Append(
            inputSchema,
            SchemaColumns.New(
                _featurizer.OutputColumn,
                SchemaShape.Column.VectorKind.Vector,
                NumberDataViewType.Single,
                annotations: _featurizer.Network.OutputShape.IsImage ? ChannelsLastAnnotation.Shape() : null));
    }

    private static void RequireRange(bool isInRange, string name, string range, object? received)
    {
        if (!isInRange)
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {range}. Received: {received}."), name);
        }
    }

    /// <summary>What the estimator can be told.</summary>
    public sealed class Options
    {
        /// <summary>The name of the column that receives the features.</summary>
        public string OutputColumnName { get; set; } = "Features";

        /// <summary>The column of the images; that of the features, whose place it takes, where not given.</summary>
        public string? InputColumnName { get; set; }

        /// <summary>The trained network. What is needed of its weights is copied when the estimator is made.</summary>
        public PretrainedModel? Model { get; set; }

        /// <summary>The layer whose output are the features; what stands before the classifier (<see cref="PretrainedModel.FeatureLayer"/>) where not given.</summary>
        public string? Layer { get; set; }

        /// <summary>
        /// Whether features that are an image <c>[H, W, C]</c> are averaged over it, to a vector of C numbers. Where not given, they are if no
        /// <see cref="Layer"/> is named, and the output of a layer that is has its shape.
        /// </summary>
        public bool? Pooling { get; set; }

        /// <summary>
        /// The height to which images are brought; that of the network's input where not given. Another one than that takes layers that allow it:
        /// convolutions and poolings.
        /// </summary>
        public int? ImageHeight { get; set; }

        /// <summary>The width to which images are brought; that of the network's input where not given.</summary>
        public int? ImageWidth { get; set; }

        /// <summary>How images of another size are brought to that of the network; as the model says where not given.</summary>
        public ImageResizing? Resizing { get; set; }

        /// <summary>Which way up images are of which the column holds the files; as they are stored where not given.</summary>
        public ImageOrientation ImageOrientation { get; set; }

        /// <summary>The most threads to use; 0 for one a core. The features do not depend on it.</summary>
        public int NumberOfThreads { get; set; }
    }
}
