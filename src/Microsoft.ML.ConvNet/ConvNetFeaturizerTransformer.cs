using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Featurizing;
using Microsoft.ML.ConvNet.ModelStorage;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Scoring;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// The first layers of a trained network in a pipeline: reads a column of images and adds a column of what the last of these layers gives, a vector of
/// Single, for another trainer to learn from. It is saved and loaded with the model that it is part of.
/// </summary>
/// <remarks>
/// A row gives the same bits alone or among others, at any number of threads; any number of threads may use it at once. Its directory in a model file
/// holds the layers as network.json, the weights as weights.safetensors, and settings.json, as that of <see cref="ConvNetTransformer"/> does.
/// </remarks>
public sealed class ConvNetFeaturizerTransformer : ITransformer, IDisposable
{
    private readonly IHost _host;
    private readonly FeaturizerModel _featurizer;
    private readonly ScoringModel _model;

    internal ConvNetFeaturizerTransformer(IHostEnvironment environment, FeaturizerModel featurizer, int numberOfThreads = 0)
    {
        _host = environment.Register(nameof(ConvNetFeaturizerTransformer));
        _featurizer = featurizer;
        _model = new ScoringModel(featurizer.Network, featurizer.Weights, featurizer.Normalization, numberOfThreads);
    }

    /// <summary>The layers, from images <c>[H, W, C]</c> to features.</summary>
    public Network Network => _featurizer.Network;

    /// <summary>
    /// Their weights. The transformer does not dispose of them; their memory is freed when nothing refers to them any more. Where one disposes of them
    /// earlier, it goes on until it is disposed of itself, if it has computed features before.
    /// </summary>
    public Weights Weights => _featurizer.Weights;

    /// <summary>The column of the images.</summary>
    public string InputColumnName => _featurizer.InputColumn;

    /// <summary>The column that receives the features.</summary>
    public string OutputColumnName => _featurizer.OutputColumn;

    /// <summary>What is subtracted from pixel values before the layers: one number, or one a channel.</summary>
    public IReadOnlyList<float> PixelOffsets => _featurizer.Normalization.Offsets;

    /// <summary>What the differences are multiplied by: as many numbers.</summary>
    public IReadOnlyList<float> PixelScales => _featurizer.Normalization.Scales;

    /// <summary>The order in which the layers take the colours of an image column.</summary>
    public ChannelOrder ChannelOrder => _featurizer.ChannelOrder;

    /// <summary>What transparent pixels of an image column lie on.</summary>
    public ImageBackground ImageBackground => _featurizer.Background;

    /// <summary>How images of another size are brought to that which the layers take.</summary>
    public ImageResizing Resizing => _featurizer.Resizing;

    bool ITransformer.IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or cannot feed the network.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or cannot feed the network.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new AddingDataView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new AddingMapper(_host, Bind(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        MLNetInternalsUse.Save(ctx, _featurizer);
    }

    /// <summary>
    /// Frees the memory that the computation takes, as soon as no thread computes. The transformer stays usable: a later use compiles the layers anew.
    /// The weights are not disposed of.
    /// </summary>
    public void Dispose() => _model.Dispose();

    private FeaturizingBinding Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new FeaturizingBinding(_host, _featurizer, _model, inputSchema);
    }
}
