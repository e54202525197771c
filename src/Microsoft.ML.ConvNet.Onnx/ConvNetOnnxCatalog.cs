using Microsoft.ML.ConvNet;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Storage;

#pragma warning disable IDE0130 // The catalog's namespace, so that using Microsoft.ML suffices.
namespace Microsoft.ML;

/// <summary>
/// Collection of extension methods for <see cref="TransformsCatalog"/> to create components that score with ONNX models of convolutional
/// networks, in managed code.
/// </summary>
public static class ConvNetOnnxCatalog
{
    /// <summary>
    /// Create <see cref="ConvNetScoringEstimator"/>, which applies a convolutional network of an ONNX model to the images of
    /// <paramref name="inputColumnName"/>. The fitted transformer holds the network itself: models that are saved do not need the ONNX
    /// file, nor this package.
    /// </summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">
    /// Name of the column that receives the model's output. This column's data type will be a known-sized vector of <see cref="float"/>.
    /// </param>
    /// <param name="inputColumnName">
    /// Name of the column to transform. Its data type must be <see cref="Data.MLImage"/>, or a known-sized vector of <see cref="float"/>
    /// or <see cref="byte"/>.
    /// </param>
    /// <param name="modelFile">The ONNX model.</param>
    /// <param name="classNames">
    /// The names of the classes, in the order of the model's output; a name that was there before gets its number, as "crane (517)". Where not
    /// given, those that the model has itself (<see cref="OnnxModel.ClassNames"/>), if there is one an output.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is no ONNX model, or is damaged.</exception>
    /// <exception cref="OnnxImportException">The model has an operator that is not supported.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.LoadImages("Image", null, "Path")
    ///     .Append(mlContext.Transforms.ResizeImages("Image", 224, 224))
    ///     .Append(mlContext.Transforms.ConvNetFromOnnx("Score", "Image", "squeezenet.onnx", names));
    /// </code>
    /// </example>
    public static ConvNetScoringEstimator ConvNetFromOnnx(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, string modelFile,
            IReadOnlyList<string>? classNames = null) =>
        catalog.ConvNetFromOnnx(new ConvNetFromOnnxOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            ModelFile = modelFile,
            ClassNames = classNames,
        });

    /// <summary>
    /// Create <see cref="ConvNetScoringEstimator"/> with advanced options, which applies a convolutional network of an ONNX model to a
    /// column of images.
    /// </summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">Estimator options.</param>
    /// <exception cref="ArgumentException">A name is missing, or the options do not fit the model.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is no ONNX model, or is damaged.</exception>
    /// <exception cref="OnnxImportException">The model has an operator that is not supported.</exception>
    public static ConvNetScoringEstimator ConvNetFromOnnx(this TransformsCatalog catalog, ConvNetFromOnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OnnxNetwork network = OnnxModel.Load(options.ModelFile).Import(options.Import);
        return catalog.ConvNet(new ConvNetScoringEstimator.Options
        {
            OutputColumnName = options.OutputColumnName,
            InputColumnName = options.InputColumnName,
            PredictedLabelColumnName = options.PredictedLabelColumnName,
            Network = network.Network,
            Weights = network.Weights,
            ClassNames = options.ClassNames is { } names ? DistinctNames.Of(names) : network.ClassNames,
            ChannelOrder = options.ChannelOrder,
            ImageBackground = options.ImageBackground,
            PixelOffsets = options.PixelOffsets,
            PixelScales = options.PixelScales,
            Task = options.Task,
            ProbabilityColumnName = options.ProbabilityColumnName,
            PredictedLabelAsText = options.PredictedLabelAsText,
            ImageLayout = options.ImageLayout,
            ImageResizing = options.ImageResizing,
            ImageOrientation = options.ImageOrientation,
            NumberOfThreads = options.NumberOfThreads,
        });
    }
}
