using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Featurizing;

/// <summary>What a featurizing transformer is: its columns, and the layers that it runs.</summary>
/// <param name="InputColumn">The column of the images.</param>
/// <param name="OutputColumn">The column that receives the features.</param>
/// <param name="Network">The layers, from images to features.</param>
/// <param name="Weights">Their weights.</param>
/// <param name="Normalization">What is done to pixels before them.</param>
internal sealed record FeaturizerModel(
    string InputColumn, string OutputColumn, Network Network, Weights Weights, PixelNormalization Normalization)
{
    /// <summary>The order of the values of a vector column whose type does not say it.</summary>
    public ImageLayout Layout { get; init; }

    /// <summary>The order in which the network takes the colours of an image.</summary>
    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>What transparent pixels lie on.</summary>
    public ImageBackground Background { get; init; }

    /// <summary>How images of another size are brought to the network's.</summary>
    public ImageResizing Resizing { get; init; }

    /// <summary>Which way up images of files are.</summary>
    public ImageOrientation Orientation { get; init; }

    /// <summary>The type of the column of features: a vector with the dimensions of the last layer's output.</summary>
    public VectorDataViewType OutputType => new(NumberDataViewType.Single, Network.OutputShape.ToArray());

    /// <summary>Throws where the shape of a column, which is all that is known before a pipeline is fitted, will not do.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or has no images.</exception>
    public void Check(IExceptionContext context, SchemaShape shape)
    {
        SchemaShape.Column column = SchemaColumns.Find(shape, InputColumn)
            ?? throw context.Missing("input", InputColumn, shape.Select(present => present.Name));
        bool isImage = column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is ImageDataViewType;
        bool isOfFiles = Resizing != ImageResizing.None && column.Kind == SchemaShape.Column.VectorKind.VariableVector
            && column.ItemType == NumberDataViewType.Byte;
        if (!isImage && !isOfFiles && column.Kind != SchemaShape.Column.VectorKind.Vector)
        {
            throw context.Mismatch(NoImages(column.Name, column.ItemType));
        }
    }

    private static string NoImages(string column, object type) =>
        $"The input column \"{column}\" holds images (MLImage), the bytes of image files, or pixels as vectors of known size. Received: {type}; put "
        + "mlContext.Transforms.LoadImages or LoadRawImageBytes before it.";
}
