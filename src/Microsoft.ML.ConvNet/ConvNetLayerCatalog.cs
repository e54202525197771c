using Microsoft.ML.ConvNet;
using Microsoft.ML.ConvNet.Building;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.MLNet;

#pragma warning disable IDE0130 // The catalogs' namespace, so that using Microsoft.ML suffices.
namespace Microsoft.ML;

/// <summary>
/// Collection of extension methods for <see cref="TransformsCatalog"/> to create single layers of convolutional networks as steps of a pipeline.
/// </summary>
public static class ConvNetLayerCatalog
{
    /// <summary>Create a <see cref="ConvNetLayerEstimator"/> that applies one filter to each channel of images, such as an edge detector.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The name of the column that receives the filtered images, vectors of <see cref="float"/> <c>[H, W, C]</c>.</param>
    /// <param name="inputColumnName">The column of the images; that of the output, whose place it takes, where not given.</param>
    /// <param name="kernel">The filter, <c>[row, column]</c>; as in networks it is not turned.</param>
    /// <param name="stride">By how many pixels windows are apart.</param>
    /// <param name="padding">The zeros around the images; none where not given, and <see cref="Padding.Same"/> keeps their size.</param>
    /// <example>
    /// <code>
    /// // Upright edges (Sobel).
    /// var edges = mlContext.Transforms.Convolution("Edges", "Image", new float[,] { { -1, 0, 1 }, { -2, 0, 2 }, { -1, 0, 1 } }, padding: 1);
    /// </code>
    /// </example>
    public static ConvNetLayerEstimator Convolution(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, float[,] kernel, int stride = 1, Padding padding = default)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return catalog.Convolution(new ConvolutionOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Kernel = kernel,
            Stride = stride,
            Padding = padding,
        });
    }

    /// <summary>Create a <see cref="ConvNetLayerEstimator"/> that applies a bank of filters to images, each of which gives a channel.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The name of the column that receives what the filters give, vectors of <see cref="float"/> <c>[H, W, filters]</c>.</param>
    /// <param name="inputColumnName">The column of the images; that of the output, whose place it takes, where not given.</param>
    /// <param name="filters">The filters, of one size, each <c>[row, column, channel]</c> with as many channels as the images; as in networks they are not turned.</param>
    /// <param name="stride">By how many pixels windows are apart.</param>
    /// <param name="padding">The zeros around the images; none where not given, and <see cref="Padding.Same"/> keeps their size.</param>
    /// <example>
    /// <code>
    /// // How much redder than green a pixel is, and how much bluer.
    /// var colours = mlContext.Transforms.Convolution("Colours", "Image", [new float[,,] { { { 1, -1, 0 } } }, new float[,,] { { { 0, -1, 1 } } }]);
    /// </code>
    /// </example>
    public static ConvNetLayerEstimator Convolution(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        IReadOnlyList<float[,,]> filters,
        int stride = 1,
        Padding padding = default)
    {
        ArgumentNullException.ThrowIfNull(filters);
        return catalog.Convolution(new ConvolutionOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Filters = filters,
            Stride = stride,
            Padding = padding,
        });
    }

    /// <summary>
    /// Create a <see cref="ConvNetLayerEstimator"/> that learns filters with a classifier of the classes of a label column, and keeps them.
    /// </summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The name of the column that receives what the filters give, vectors of <see cref="float"/> <c>[H, W, filters]</c>.</param>
    /// <param name="inputColumnName">The column of the images; that of the output, whose place it takes, where not given.</param>
    /// <param name="filterCount">How many filters are learnt.</param>
    /// <param name="windowSize">Their height and width.</param>
    /// <param name="labelColumnName">The column of the classes.</param>
    /// <param name="epoch">How often every image is taken.</param>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Convolution("Maps", "Image", filterCount: 16, windowSize: 5, labelColumnName: "Label")
    ///     .Append(mlContext.Transforms.Pooling("Features", "Maps", windowSize: 4))
    ///     .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
    ///     .Append(mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
    /// </code>
    /// </example>
    public static ConvNetLayerEstimator Convolution(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, int filterCount, int windowSize, string labelColumnName, int epoch = 10) =>
        catalog.Convolution(new ConvolutionOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            FilterCount = filterCount,
            WindowSize = windowSize,
            Learning = new ConvNetMulticlassTrainer.Options { LabelColumnName = labelColumnName, Epoch = epoch },
        });

    /// <summary>Create a <see cref="ConvNetLayerEstimator"/> of a convolution with more options.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">What the layer can be told.</param>
    /// <example>
    /// <code>
    /// mlContext.Transforms.Convolution(new ConvolutionOptions { OutputColumnName = "Maps", InputColumnName = "Image", Kernel = kernel, Behind = x => x.Relu() });
    /// </code>
    /// </example>
    public static ConvNetLayerEstimator Convolution(this TransformsCatalog catalog, ConvolutionOptions options) => new(CatalogEnvironment.Of(catalog), options);

    /// <summary>Create a <see cref="ConvNetLayerEstimator"/> that takes the greatest value, or the mean, of each window of images.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The name of the column that receives the smaller images, vectors of <see cref="float"/> <c>[H, W, C]</c>.</param>
    /// <param name="inputColumnName">The column of the images; that of the output, whose place it takes, where not given.</param>
    /// <param name="kind">What is made of the values of a window.</param>
    /// <param name="windowSize">The height and width of the windows.</param>
    /// <param name="stride">By how many pixels windows are apart; as much as they are large where not given.</param>
    /// <example>
    /// <code>
    /// var smaller = mlContext.Transforms.Pooling("Smaller", "Image", PoolingKind.Average, windowSize: 4);
    /// </code>
    /// </example>
    public static ConvNetLayerEstimator Pooling(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        PoolingKind kind = PoolingKind.Max,
        int windowSize = 2,
        int? stride = null) => catalog.Pooling(new PoolingOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Kind = kind,
            WindowSize = windowSize,
            Stride = stride is { } apart ? (Size2D)apart : null,
        });

    /// <summary>Create a <see cref="ConvNetLayerEstimator"/> of a pooling with more options: over the whole image, or to a size.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">What the layer can be told.</param>
    /// <example>
    /// <code>
    /// mlContext.Transforms.Pooling(new PoolingOptions { OutputColumnName = "Means", InputColumnName = "Maps", Kind = PoolingKind.Average, IsGlobal = true });
    /// </code>
    /// </example>
    public static ConvNetLayerEstimator Pooling(this TransformsCatalog catalog, PoolingOptions options) => new(CatalogEnvironment.Of(catalog), options);

    /// <summary>Create a <see cref="ConvNetLayerEstimator"/> that multiplies vectors, or images, by a matrix.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The name of the column that receives the products, vectors of <see cref="float"/>.</param>
    /// <param name="inputColumnName">The column that is read; that of the output, whose place it takes, where not given.</param>
    /// <param name="weights">The weight of each input for each output, <c>[input, output]</c>.</param>
    /// <param name="biases">What is added to each output; nothing where not given.</param>
    /// <example>
    /// <code>
    /// var sumAndDifference = mlContext.Transforms.Dense("Both", "Pair", new float[,] { { 1, 1 }, { 1, -1 } });
    /// </code>
    /// </example>
    public static ConvNetLayerEstimator Dense(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, float[,] weights, IReadOnlyList<float>? biases = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return catalog.Dense(new DenseOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Weights = weights,
            Biases = biases,
        });
    }

    /// <summary>
    /// Create a <see cref="ConvNetLayerEstimator"/> that learns a fully connected layer with a classifier of the classes of a label column, and keeps it.
    /// </summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The name of the column that receives the outputs, vectors of <see cref="float"/>.</param>
    /// <param name="inputColumnName">The column that is read; that of the output, whose place it takes, where not given.</param>
    /// <param name="units">How many outputs are learnt.</param>
    /// <param name="labelColumnName">The column of the classes.</param>
    /// <param name="epoch">How often every row is taken.</param>
    /// <example>
    /// <code>
    /// var features = mlContext.Transforms.Dense("Features", "Image", units: 32, labelColumnName: "Label");
    /// </code>
    /// </example>
    public static ConvNetLayerEstimator Dense(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, int units, string labelColumnName, int epoch = 10) =>
        catalog.Dense(new DenseOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Units = units,
            Learning = new ConvNetMulticlassTrainer.Options { LabelColumnName = labelColumnName, Epoch = epoch },
        });

    /// <summary>Create a <see cref="ConvNetLayerEstimator"/> of a fully connected layer with more options.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">What the layer can be told.</param>
    /// <example>
    /// <code>
    /// mlContext.Transforms.Dense(new DenseOptions { OutputColumnName = "Positive", InputColumnName = "Pair", Weights = weights, Behind = x => x.Relu() });
    /// </code>
    /// </example>
    public static ConvNetLayerEstimator Dense(this TransformsCatalog catalog, DenseOptions options) => new(CatalogEnvironment.Of(catalog), options);
}
