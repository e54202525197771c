using Microsoft.ML.ConvNet;
using Microsoft.ML.ConvNet.MLNet;
using MulticlassTrainers = Microsoft.ML.MulticlassClassificationCatalog.MulticlassClassificationTrainers;

#pragma warning disable IDE0130 // The catalogs' namespace, so that using Microsoft.ML suffices.
namespace Microsoft.ML;

/// <summary>
/// Collection of extension methods for <see cref="TransformsCatalog"/> and <see cref="MulticlassTrainers"/> to
/// create components that are based on trained networks.
/// </summary>
public static class ConvNetTransferCatalog
{
    /// <summary>
    /// Create a <see cref="ConvNetFeaturizerEstimator"/>, which makes features of images with the first layers of a trained network, for any trainer to learn from.
    /// </summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The name of the column that receives the features, vectors of <see cref="float"/>.</param>
    /// <param name="inputColumnName">The column of the images, of any size; that of the features, whose place it takes, where not given.</param>
    /// <param name="model">The trained network. What is needed of its weights is copied.</param>
    /// <param name="layer">
    /// The layer whose output are the features, in its shape; where not given, what stands before the classifier, as the mean over the image.
    /// </param>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.LoadImages("Image", imageFolder, "Path")
    ///     .Append(mlContext.Transforms.ConvNetFeaturizer("Features", "Image", PretrainedModel.Load("model.zip")))
    ///     .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
    ///     .AppendCacheCheckpoint(mlContext)
    ///     .Append(mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
    /// </code>
    /// </example>
    public static ConvNetFeaturizerEstimator ConvNetFeaturizer(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, PretrainedModel model, string? layer = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return catalog.ConvNetFeaturizer(new ConvNetFeaturizerEstimator.Options
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Model = model,
            Layer = layer,
        });
    }

    /// <summary>Create a <see cref="ConvNetFeaturizerEstimator"/> with more options.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">What the estimator can be told.</param>
    public static ConvNetFeaturizerEstimator ConvNetFeaturizer(this TransformsCatalog catalog, ConvNetFeaturizerEstimator.Options options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Create a <see cref="ConvNetFineTuningTrainer"/>, which teaches a trained network other classes: it resizes and normalises the images as the network wants
    /// them, trains a new classifier on its features, and then the whole of it.
    /// </summary>
    /// <param name="catalog">The multiclass classification catalog's trainers.</param>
    /// <param name="labelColumnName">
    /// The name of the label column. The column data must be a key, as MapValueToKey makes it, or values each of which is a class: text, Boolean, integers or
    /// whole numbers of Single.
    /// </param>
    /// <param name="featureColumnName">
    /// The name of the column of images: <see cref="Data.MLImage"/> of any size, or the bytes of image files as LoadRawImageBytes reads them.
    /// </param>
    /// <param name="baseModel">The trained network. It is needed until the trainer was fitted, and stays as it is.</param>
    /// <param name="validationSet">Rows with which each epoch's weights are judged; the best are kept.</param>
    /// <example>
    /// <code>
    /// using PretrainedModel resNet = PretrainedModel.LoadSafeTensors("resnet18.safetensors", "resnet18");
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.Transforms.LoadRawImageBytes("Image", imageFolder, "Path"))
    ///     .Append(mlContext.MulticlassClassification.Trainers.ConvNetFineTuning("Label", "Image", resNet))
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    /// </code>
    /// </example>
    public static ConvNetFineTuningTrainer ConvNetFineTuning(
        this MulticlassTrainers catalog,
        string labelColumnName,
        string featureColumnName,
        PretrainedModel baseModel,
        IDataView? validationSet = null)
    {
        ArgumentNullException.ThrowIfNull(baseModel);
        return catalog.ConvNetFineTuning(new ConvNetFineTuningTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            BaseModel = baseModel,
            ValidationSet = validationSet,
        });
    }

    /// <summary>Create a <see cref="ConvNetFineTuningTrainer"/> with more options.</summary>
    /// <param name="catalog">The multiclass classification catalog's trainers.</param>
    /// <param name="options">What the trainer can be told.</param>
    public static ConvNetFineTuningTrainer ConvNetFineTuning(this MulticlassTrainers catalog, ConvNetFineTuningTrainer.Options options) =>
        new(CatalogEnvironment.Of(catalog), options);
}
