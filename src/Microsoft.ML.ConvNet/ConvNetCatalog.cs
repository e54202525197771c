using Microsoft.ML.ConvNet;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.MLNet;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using MulticlassTrainers = Microsoft.ML.MulticlassClassificationCatalog.MulticlassClassificationTrainers;

#pragma warning disable IDE0130 // The catalogs' namespace, so that using Microsoft.ML suffices.
namespace Microsoft.ML;

/// <summary>
/// Collection of extension methods for <see cref="MulticlassTrainers"/> and <see cref="TransformsCatalog"/> to create components that train
/// and apply convolutional networks.
/// </summary>
public static class ConvNetCatalog
{
    /// <summary>
    /// Create <see cref="ConvNetMulticlassTrainer"/>, which trains a convolutional network to tell classes of images apart.
    /// </summary>
    /// <param name="catalog">The multiclass classification catalog's trainers.</param>
    /// <param name="labelColumnName">
    /// The name of the label column. The column data must be a key, as MapValueToKey makes it, or values each of which is a class: text, Boolean, integers or
    /// whole numbers of Single.
    /// </param>
    /// <param name="featureColumnName">
    /// The name of the feature column. The column data must be <see cref="Data.MLImage"/>, or a known-sized vector of <see cref="float"/>
    /// or <see cref="byte"/>.
    /// </param>
    /// <param name="network">The network: its input shape fits the images, and its outputs the classes.</param>
    /// <param name="epoch">How often every image is taken; 10 where not given.</param>
    /// <param name="batchSize">The number of images of a step; 64 where not given.</param>
    /// <param name="learningRate">The learning rate of the optimizer, Adam; 0.001 where not given.</param>
    /// <param name="validationSet">Rows with which each epoch's weights are judged; the best are kept.</param>
    /// <param name="metricsCallback">Told how training goes after each batch and each epoch.</param>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.MulticlassClassification.Trainers.ConvNet("Label", "Features",
    ///         Network.Input(28, 28, 1).Conv(32, 3).Relu().MaxPool(2).Flatten().Dense(10).Softmax()))
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    /// </code>
    /// </example>
    public static ConvNetMulticlassTrainer ConvNet(
        this MulticlassTrainers catalog,
        string labelColumnName,
        string featureColumnName,
        Network network,
        int? epoch = null,
        int? batchSize = null,
        float? learningRate = null,
        IDataView? validationSet = null,
        Action<TrainingProgress>? metricsCallback = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return catalog.ConvNet(new ConvNetMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            Network = network,
            Epoch = epoch,
            BatchSize = batchSize,
            LearningRate = learningRate,
            ValidationSet = validationSet,
            MetricsCallback = metricsCallback,
        });
    }

    /// <inheritdoc cref="ConvNet(MulticlassTrainers, string, string, Network, int?, int?, float?, IDataView, Action{TrainingProgress})"/>
    /// <remarks>The network is written by a function of its input, which has the shape of the images, and the number of classes.</remarks>
    /// <example>
    /// <code>
    /// mlContext.MulticlassClassification.Trainers.ConvNet("Label", "Features",
    ///     (input, classes) => input.Conv(32, 3).Relu().MaxPool(2).Flatten().Dense(classes).Softmax());
    /// </code>
    /// </example>
    public static ConvNetMulticlassTrainer ConvNet(
        this MulticlassTrainers catalog,
        string labelColumnName,
        string featureColumnName,
        Func<SymbolicTensor, int, SymbolicTensor> network,
        int? epoch = null,
        int? batchSize = null,
        float? learningRate = null,
        IDataView? validationSet = null,
        Action<TrainingProgress>? metricsCallback = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return catalog.ConvNet(new ConvNetMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            NetworkBuilder = network,
            Epoch = epoch,
            BatchSize = batchSize,
            LearningRate = learningRate,
            ValidationSet = validationSet,
            MetricsCallback = metricsCallback,
        });
    }

    /// <summary>
    /// Create <see cref="ConvNetMulticlassTrainer"/>, which trains an architecture known by name, such as lenet5, to tell classes of images
    /// apart. It is built for the images' shape and the number of classes.
    /// </summary>
    /// <param name="catalog">The multiclass classification catalog's trainers.</param>
    /// <param name="labelColumnName">
    /// The name of the label column. The column data must be a key, as MapValueToKey makes it, or values each of which is a class: text, Boolean, integers or
    /// whole numbers of Single.
    /// </param>
    /// <param name="featureColumnName">
    /// The name of the feature column. The column data must be <see cref="Data.MLImage"/>, or a known-sized vector of <see cref="float"/>
    /// or <see cref="byte"/>.
    /// </param>
    /// <param name="architecture">
    /// The name of an architecture, or layers in one line, such as <c>conv3-32 relu pool2 fc500 relu fc</c>.
    /// </param>
    /// <param name="epoch">
    /// How often every image is taken; where not given, as often as the architecture's recipe says for so many images.
    /// </param>
    /// <param name="batchSize">The number of images of a step; where not given, that of the architecture's recipe.</param>
    /// <param name="learningRate">
    /// The learning rate of the optimizer; where not given, that of the architecture's recipe, which chooses the optimizer, too.
    /// </param>
    /// <param name="validationSet">Rows with which each epoch's weights are judged; the best are kept.</param>
    /// <param name="metricsCallback">Told how training goes after each batch and each epoch.</param>
    /// <remarks>
    /// What an architecture's recipe says stands in <see cref="ConvNet.Zoo.Architecture.Recipe"/>, and in the log when training begins.
    /// </remarks>
    /// <example>
    /// <code>
    /// mlContext.MulticlassClassification.Trainers.ConvNet("Label", "Features", "lenet5");
    /// </code>
    /// </example>
    public static ConvNetMulticlassTrainer ConvNet(
        this MulticlassTrainers catalog,
        string labelColumnName,
        string featureColumnName,
        string architecture,
        int? epoch = null,
        int? batchSize = null,
        float? learningRate = null,
        IDataView? validationSet = null,
        Action<TrainingProgress>? metricsCallback = null)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        return catalog.ConvNet(new ConvNetMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            Architecture = architecture,
            Epoch = epoch,
            BatchSize = batchSize,
            LearningRate = learningRate,
            ValidationSet = validationSet,
            MetricsCallback = metricsCallback,
        });
    }

    /// <summary>
    /// Create <see cref="ConvNetMulticlassTrainer"/> with advanced options, which trains a convolutional network to tell classes of images
    /// apart.
    /// </summary>
    /// <param name="catalog">The multiclass classification catalog's trainers.</param>
    /// <param name="options">Trainer options.</param>
    public static ConvNetMulticlassTrainer ConvNet(this MulticlassTrainers catalog, ConvNetMulticlassTrainer.Options options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Create <see cref="ConvNetEstimator"/>, which trains a convolutional network on the images of <paramref name="inputColumnName"/>
    /// and writes the probabilities of the classes to a new column, <paramref name="outputColumnName"/>, and the most probable class to
    /// PredictedLabel.
    /// </summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">
    /// Name of the column resulting from the transformation of <paramref name="inputColumnName"/>. This column's data type will be a
    /// known-sized vector of <see cref="float"/>.
    /// </param>
    /// <param name="inputColumnName">
    /// Name of the column to transform. Its data type must be <see cref="Data.MLImage"/>, or a known-sized vector of <see cref="float"/>
    /// or <see cref="byte"/>.
    /// </param>
    /// <param name="labelColumnName">
    /// The name of the label column. The column data must be a key, as MapValueToKey makes it, or values each of which is a class: text, Boolean, integers or
    /// whole numbers of Single.
    /// </param>
    /// <param name="network">The network: its input shape fits the images, and its outputs the classes.</param>
    /// <param name="epoch">How often every image is taken; 10 where not given.</param>
    /// <param name="batchSize">The number of images of a step; 64 where not given.</param>
    /// <param name="learningRate">The learning rate of the optimizer, Adam; 0.001 where not given.</param>
    /// <param name="validationSet">Rows with which each epoch's weights are judged; the best are kept.</param>
    /// <param name="metricsCallback">Told how training goes after each batch and each epoch.</param>
    public static ConvNetEstimator ConvNet(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        string labelColumnName,
        Network network,
        int? epoch = null,
        int? batchSize = null,
        float? learningRate = null,
        IDataView? validationSet = null,
        Action<TrainingProgress>? metricsCallback = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return catalog.ConvNet(new ConvNetEstimator.Options
        {
            LabelColumnName = labelColumnName,
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Network = network,
            Epoch = epoch,
            BatchSize = batchSize,
            LearningRate = learningRate,
            ValidationSet = validationSet,
            MetricsCallback = metricsCallback,
        });
    }

    /// <inheritdoc cref="ConvNet(TransformsCatalog, string, string, string, Network, int?, int?, float?, IDataView, Action{TrainingProgress})"/>
    /// <remarks>The network is written by a function of its input, which has the shape of the images, and the number of classes.</remarks>
    public static ConvNetEstimator ConvNet(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        string labelColumnName,
        Func<SymbolicTensor, int, SymbolicTensor> network,
        int? epoch = null,
        int? batchSize = null,
        float? learningRate = null,
        IDataView? validationSet = null,
        Action<TrainingProgress>? metricsCallback = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return catalog.ConvNet(new ConvNetEstimator.Options
        {
            LabelColumnName = labelColumnName,
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            NetworkBuilder = network,
            Epoch = epoch,
            BatchSize = batchSize,
            LearningRate = learningRate,
            ValidationSet = validationSet,
            MetricsCallback = metricsCallback,
        });
    }

    /// <summary>
    /// Create <see cref="ConvNetEstimator"/>, which trains an architecture known by name, such as lenet5, on the images of
    /// <paramref name="inputColumnName"/> and writes the probabilities of the classes to a new column,
    /// <paramref name="outputColumnName"/>, and the most probable class to PredictedLabel. It is built for the images' shape and the number
    /// of classes. (The overload without a label column scores with a model file.)
    /// </summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">
    /// Name of the column resulting from the transformation of <paramref name="inputColumnName"/>. This column's data type will be a
    /// known-sized vector of <see cref="float"/>.
    /// </param>
    /// <param name="inputColumnName">
    /// Name of the column to transform. Its data type must be <see cref="Data.MLImage"/>, or a known-sized vector of <see cref="float"/>
    /// or <see cref="byte"/>.
    /// </param>
    /// <param name="labelColumnName">
    /// The name of the label column. The column data must be a key, as MapValueToKey makes it, or values each of which is a class: text, Boolean, integers or
    /// whole numbers of Single.
    /// </param>
    /// <param name="architecture">
    /// The name of an architecture, or layers in one line, such as <c>conv3-32 relu pool2 fc500 relu fc</c>.
    /// </param>
    /// <param name="epoch">
    /// How often every image is taken; where not given, as often as the architecture's recipe says for so many images.
    /// </param>
    /// <param name="batchSize">The number of images of a step; where not given, that of the architecture's recipe.</param>
    /// <param name="learningRate">
    /// The learning rate of the optimizer; where not given, that of the architecture's recipe, which chooses the optimizer, too.
    /// </param>
    /// <param name="validationSet">Rows with which each epoch's weights are judged; the best are kept.</param>
    /// <param name="metricsCallback">Told how training goes after each batch and each epoch.</param>
    /// <remarks>
    /// What an architecture's recipe says stands in <see cref="ConvNet.Zoo.Architecture.Recipe"/>, and in the log when training begins.
    /// </remarks>
    public static ConvNetEstimator ConvNet(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        string labelColumnName,
        string architecture,
        int? epoch = null,
        int? batchSize = null,
        float? learningRate = null,
        IDataView? validationSet = null,
        Action<TrainingProgress>? metricsCallback = null)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        return catalog.ConvNet(new ConvNetEstimator.Options
        {
            LabelColumnName = labelColumnName,
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Architecture = architecture,
            Epoch = epoch,
            BatchSize = batchSize,
            LearningRate = learningRate,
            ValidationSet = validationSet,
            MetricsCallback = metricsCallback,
        });
    }

    /// <summary>
    /// Create <see cref="ConvNetEstimator"/> with advanced options, which trains a convolutional network and writes the probabilities of
    /// the classes to a new column.
    /// </summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">Estimator options.</param>
    public static ConvNetEstimator ConvNet(this TransformsCatalog catalog, ConvNetEstimator.Options options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Create <see cref="ConvNetScoringEstimator"/>, which applies a network that was trained before to the images of
    /// <paramref name="inputColumnName"/>. Nothing is learnt. (The overload with a label column trains an architecture.)
    /// </summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">
    /// Name of the column that receives the probabilities. This column's data type will be a known-sized vector of <see cref="float"/>.
    /// </param>
    /// <param name="inputColumnName">
    /// Name of the column to transform. Its data type must be <see cref="Data.MLImage"/>, or a known-sized vector of <see cref="float"/>
    /// or <see cref="byte"/>.
    /// </param>
    /// <param name="modelFile">
    /// A file that <see cref="ConvNetTransformer.SaveNetwork"/> wrote, or an ML.NET model file with a <see cref="ConvNetTransformer"/> in
    /// it.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ConvNet.Storage.ModelFormatException">The file holds no network, or is damaged.</exception>
    public static ConvNetScoringEstimator ConvNet(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, string modelFile) =>
        catalog.ConvNet(new ConvNetScoringEstimator.Options
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            ModelFile = modelFile,
        });

    /// <summary>
    /// Create <see cref="ConvNetScoringEstimator"/> with advanced options, which applies a network that was trained before and writes the
    /// probabilities of the classes to a new column.
    /// </summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">Estimator options.</param>
    /// <exception cref="ArgumentException">A name is missing, or two columns have the same.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is below 0, or the image layout is none.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ConvNet.Storage.ModelFormatException">The file holds no network, or is damaged.</exception>
    public static ConvNetScoringEstimator ConvNet(this TransformsCatalog catalog, ConvNetScoringEstimator.Options options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Create <see cref="ImageAugmentingEstimator"/>, which augments the images of a column at random, each row always in the same way. For a training
    /// whose images differ from epoch to epoch, and whose model scores them as they are, there is
    /// <see cref="ConvNetTrainingOptions.Augmentation"/>.
    /// </summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">Name of the column that receives the augmented images. Its data type will be <see cref="Data.MLImage"/>.</param>
    /// <param name="inputColumnName">
    /// Name of the column to transform, of <see cref="Data.MLImage"/>; if set to null, the value of <paramref name="outputColumnName"/> will be used.
    /// </param>
    /// <param name="augmentation">What is done to the images.</param>
    /// <param name="seed">The seed; drawn from the <see cref="MLContext"/>'s random numbers where not given.</param>
    /// <param name="imageBackground">What transparent pixels are put on.</param>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.LoadImages("Image", "photos", "Path")
    ///     .Append(mlContext.Transforms.AugmentImages("Augmented", "Image",
    ///         new ImageAugmentation { HorizontalFlip = true, RotationRange = 15, ZoomRange = (0.8f, 1.2f) }));
    /// </code>
    /// </example>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    public static ImageAugmentingEstimator AugmentImages(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        ImageAugmentation augmentation,
        int? seed = null,
        ImageBackground imageBackground = ImageBackground.White) =>
        new(CatalogEnvironment.Of(catalog), outputColumnName, inputColumnName, augmentation, seed, imageBackground);
}
