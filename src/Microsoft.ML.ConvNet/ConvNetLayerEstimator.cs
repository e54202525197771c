using Microsoft.ML.ConvNet.Building;
using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Featurizing;
using Microsoft.ML.ConvNet.Fitting;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> of a single layer in a pipeline: a convolution with given filters, such as an edge detector, or with filters that are learnt
/// with a classifier and kept; a pooling; a fully connected layer.
/// </summary>
/// <remarks>
/// <para>To create this estimator, use Convolution, Pooling or Dense of <c>mlContext.Transforms</c>.</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item>
/// <term>Input column</term>
/// <description><see cref="MLImage"/>, or vector of known size of <see cref="float"/> or <see cref="byte"/>, of two or three dimensions; for Dense also flat vectors</description>
/// </item>
/// <item>
/// <term>Output column</term>
/// <description>Vector of <see cref="float"/> with the dimensions of what the layer gives, an image <c>[H, W, C]</c> or a vector <c>[F]</c>; another layer reads it as such</description>
/// </item>
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>Only where they are to be learnt</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ConvNet</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class ConvNetLayerEstimator : IEstimator<ConvNetFeaturizerTransformer>
{
    private readonly IHost _host;
    private readonly BuildingOptions _options;
    private readonly NetworkFit? _learning;

    internal ConvNetLayerEstimator(IHostEnvironment environment, BuildingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        _options = options.Clone();
        _options.Check();
        GivenNormalization.Check(_options.PixelOffsets, _options.PixelScales);
        _host = environment.Register(nameof(ConvNetLayerEstimator));
        if (_options.Training is { } training)
        {
            ConvNetMulticlassTrainer.Options copy = WithInput((ConvNetMulticlassTrainer.Options)training.Clone());
            copy.NetworkBuilder = (input, classes) => _options.Head(_options.Block(input), classes);
            copy.Network = null;
            copy.Architecture = null;
            copy.PixelOffsets = _options.PixelOffsets;
            copy.PixelScales = _options.PixelScales;
            FitColumns columns = new(copy.LabelColumnName, new ScoringColumns(InputColumn, copy.ScoreColumnName, copy.PredictedLabelColumnName))
            {
                Weight = copy.ExampleWeightColumnName,
            };
            _learning = new NetworkFit(_host, MulticlassTask.Learning(isText: false), columns, copy);
        }
    }

    private string InputColumn => string.IsNullOrEmpty(_options.InputColumnName) ? _options.OutputColumnName : _options.InputColumnName;

    /// <summary>Makes the layer for the column that is read; learns it where it is to be learnt.</summary>
    /// <param name="input">The rows. They are read where the layer is learnt, or images whose size the column does not say.</param>
    /// <exception cref="ArgumentException">What is given does not fit the column.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that will not do.</exception>
    /// <exception cref="Layers.NetworkDefinitionException">The layer does not fit the images.</exception>
    public ConvNetFeaturizerTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DataViewSchema.Column column = _host.Find(input, "input", InputColumn);
        using IChannel channel = _host.Start("Fit");
        Shape shape = ImageShape.Of(_host, channel, input, column, WithInput(new ConvNetMulticlassTrainer.Options()));
        Network network = _options.Block(Network.Input(shape));
        FeaturizerModel model = _learning is null ? Given(network) : Learnt(network, input);
        ConvNetFeaturizerTransformer transformer = new(_host, model, _options.NumberOfThreads);
        _ = transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that will not do.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (_learning is not null)
        {
            _ = _learning.GetOutputSchema(inputSchema);
        }
        else
        {
            FitColumns columns = new(null, new ScoringColumns(InputColumn, _options.OutputColumnName, PredictedLabel: null))
            {
                AreResized = _options.ImageResizing != ImageResizing.None,
            };
            columns.CheckFeature(_host, inputSchema);
        }

        return SchemaColumns.Append(
            inputSchema,
            SchemaColumns.New(
                _options.OutputColumnName,
                SchemaShape.Column.VectorKind.Vector,
                NumberDataViewType.Single,
                annotations: _options.GivesImages() ? ChannelsLastAnnotation.Shape() : null));
    }

    private ConvNetMulticlassTrainer.Options WithInput(ConvNetMulticlassTrainer.Options training)
    {
        training.FeatureColumnName = InputColumn;
        training.TakesFlatVectors = _options.TakesVectors;
        training.ImageHeight = _options.ImageHeight;
        training.ImageWidth = _options.ImageWidth;
        training.ImageChannels = _options.ImageChannels;
        training.ImageLayout = _options.ImageLayout;
        training.ImageResizing = _options.ImageResizing;
        training.ChannelOrder = _options.ChannelOrder;
        training.ImageBackground = _options.ImageBackground;
        return training;
    }

    private FeaturizerModel Given(Network network)
    {
        Weights weights = new(network);
        _options.SetWeights(weights);
        return Model(network, weights, GivenNormalization.Of(_options.PixelOffsets, _options.PixelScales, network.InputShape));
    }

    private FeaturizerModel Learnt(Network network, IDataView input)
    {
        using ConvNetTransformer trained = _learning!.Fit(input);
        return Model(network, trained.Weights.CopyFor(network), trained.Model.Normalization);
    }

    private FeaturizerModel Model(Network network, Weights weights, PixelNormalization normalization) =>
        new(InputColumn, _options.OutputColumnName, network, weights, normalization)
        {
            Layout = _options.ImageLayout,
            ChannelOrder = _options.ChannelOrder,
            Background = _options.ImageBackground,
            Resizing = _options.ImageResizing,
        };
}
