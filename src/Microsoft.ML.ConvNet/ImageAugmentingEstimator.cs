using Microsoft.ML.ConvNet.Augmenting;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.MLNet;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet;

/// <summary>The <see cref="IEstimator{TTransformer}"/> that augments images at random; nothing is learnt when it is fitted.</summary>
/// <remarks>
/// <para>To create this estimator, use AugmentImages of <c>mlContext.Transforms</c>.</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>Input column</term><description><see cref="MLImage"/></description></item>
/// <item><term>Output column</term><description><see cref="MLImage"/></description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ConvNet</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class ImageAugmentingEstimator : IEstimator<ImageAugmentingTransformer>
{
    private const int Colors = 3;

    private readonly IHost _host;
    private readonly AugmentingSettings _settings;

    internal ImageAugmentingEstimator(
        IHostEnvironment environment,
        string outputColumnName,
        string? inputColumnName,
        ImageAugmentation augmentation,
        int? seed,
        ImageBackground imageBackground)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentNullException.ThrowIfNull(augmentation);
        augmentation.Check();
        augmentation.CheckFor(new Tensors.Shape(1, 1, Colors));
        if (!Enum.IsDefined(imageBackground))
        {
            throw new ArgumentException(
                $"{nameof(imageBackground)} is one of its names. Received: {imageBackground}.", nameof(imageBackground));
        }

        _host = environment.Register(nameof(ImageAugmentingEstimator));
        _settings = new AugmentingSettings(
            string.IsNullOrEmpty(inputColumnName) ? outputColumnName : inputColumnName,
            outputColumnName,
            augmentation,
            seed ?? _host.Rand.Next(),
            imageBackground);
    }

    /// <summary>Binds the augmentation to the columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or has no images.</exception>
    public ImageAugmentingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ImageAugmentingTransformer transformer = new(_host, _settings);
        _ = transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or has no images.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column column = SchemaColumns.Find(inputSchema, _settings.InputColumn)
            ?? throw _host.Missing("input", _settings.InputColumn, inputSchema.Select(present => present.Name));
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.ItemType is not ImageDataViewType)
        {
            throw _host.Mismatch(AugmentingBinding.NoImages(column.Name, column.ItemType));
        }

        return new SchemaShape(
        [
            .. inputSchema.Where(present => present.Name != _settings.OutputColumn),
            MLNetConstructors.NewColumn(_settings.OutputColumn, column.Kind, column.ItemType, isKey: false, annotations: null),
        ]);
    }
}
