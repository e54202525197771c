using Microsoft.ML.ConvNet;
using Microsoft.ML.ConvNet.MLNet;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using BinaryTrainers = Microsoft.ML.BinaryClassificationCatalog.BinaryClassificationTrainers;
using RegressionTrainers = Microsoft.ML.RegressionCatalog.RegressionTrainers;
using MulticlassTrainers = Microsoft.ML.MulticlassClassificationCatalog.MulticlassClassificationTrainers;

#pragma warning disable IDE0130 // The catalogs' namespace, so that using Microsoft.ML suffices.
namespace Microsoft.ML;

/// <summary>
/// Collection of extension methods for <see cref="BinaryTrainers"/>, <see cref="RegressionTrainers"/> and <see cref="MulticlassTrainers"/> to create
/// components that train convolutional networks to predict something else than one of several classes.
/// </summary>
public static class ConvNetTaskCatalog
{
    /// <summary>
    /// Create <see cref="ConvNetBinaryTrainer"/>, which trains a convolutional network to predict whether something is so of an image. The network is written by a
    /// function of its input, which has the shape of the images, and the number of outputs: two outputs, false and true.
    /// </summary>
    /// <param name="catalog">The binary classification catalog's trainers.</param>
    /// <param name="labelColumnName">The name of the label column. The column data must be a column of <see cref="bool"/>.</param>
    /// <param name="featureColumnName">
    /// The name of the feature column. The column data must be <see cref="Data.MLImage"/>, or a known-sized vector of <see cref="float"/>
    /// or <see cref="byte"/>.
    /// </param>
    /// <param name="network">Writes the network.</param>
    /// <param name="epoch">How often every image is taken; 10 where not given.</param>
    /// <param name="batchSize">The number of images of a step; 64 where not given.</param>
    /// <param name="learningRate">The learning rate of the optimizer, Adam; 0.001 where not given.</param>
    /// <param name="validationSet">Rows with which each epoch's weights are judged; the best are kept.</param>
    /// <param name="metricsCallback">Told how training goes after each batch and each epoch.</param>
    /// <example>
    /// <code>
    /// mlContext.BinaryClassification.Trainers.ConvNet("Label", "Features",
    ///     (input, outputs) => input.Conv(32, 3).Relu().MaxPool(2).Flatten().Dense(outputs).Softmax());
    /// </code>
    /// </example>
    public static ConvNetBinaryTrainer ConvNet(
        this BinaryTrainers catalog,
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
        return catalog.ConvNet(new ConvNetBinaryTrainer.Options
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

    /// <inheritdoc cref="ConvNet(BinaryTrainers, string, string, Func{SymbolicTensor, int, SymbolicTensor}, int?, int?, float?, IDataView, Action{TrainingProgress})"/>
    /// <remarks>The network's input shape fits the images, and it has two outputs, false and true.</remarks>
    /// <example>
    /// <code>
    /// mlContext.BinaryClassification.Trainers.ConvNet("Label", "Features", network);
    /// </code>
    /// </example>
    public static ConvNetBinaryTrainer ConvNet(
        this BinaryTrainers catalog,
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
        return catalog.ConvNet(new ConvNetBinaryTrainer.Options
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

    /// <summary>
    /// Create <see cref="ConvNetBinaryTrainer"/>, which trains an architecture known by name, such as lenet5, to predict whether something is so of an image. It is built for the images'
    /// shape and two outputs, false and true.
    /// </summary>
    /// <param name="catalog">The binary classification catalog's trainers.</param>
    /// <param name="labelColumnName">The name of the label column. The column data must be a column of <see cref="bool"/>.</param>
    /// <param name="featureColumnName">
    /// The name of the feature column. The column data must be <see cref="Data.MLImage"/>, or a known-sized vector of <see cref="float"/>
    /// or <see cref="byte"/>.
    /// </param>
    /// <param name="architecture">
    /// The name of an architecture, or layers in one line, such as <c>conv3-32 relu pool2 fc500 relu fc</c>.
    /// </param>
    /// <param name="epoch">How often every image is taken; where not given, as often as the architecture's recipe says for so many images.</param>
    /// <param name="batchSize">The number of images of a step; where not given, that of the architecture's recipe.</param>
    /// <param name="learningRate">
    /// The learning rate of the optimizer; where not given, that of the architecture's recipe, which chooses the optimizer, too.
    /// </param>
    /// <param name="validationSet">Rows with which each epoch's weights are judged; the best are kept.</param>
    /// <param name="metricsCallback">Told how training goes after each batch and each epoch.</param>
    /// <example>
    /// <code>
    /// mlContext.BinaryClassification.Trainers.ConvNet("Label", "Features", "lenet5");
    /// </code>
    /// </example>
    public static ConvNetBinaryTrainer ConvNet(
        this BinaryTrainers catalog,
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
        return catalog.ConvNet(new ConvNetBinaryTrainer.Options
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

    /// <summary>Create <see cref="ConvNetBinaryTrainer"/> with options.</summary>
    /// <param name="catalog">The binary classification catalog's trainers.</param>
    /// <param name="options">What the trainer is told.</param>
    /// <example>
    /// <code>
    /// mlContext.BinaryClassification.Trainers.ConvNet(new ConvNetBinaryTrainer.Options { Architecture = "lenet5", Epoch = 20 });
    /// </code>
    /// </example>
    public static ConvNetBinaryTrainer ConvNet(this BinaryTrainers catalog, ConvNetBinaryTrainer.Options options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Create <see cref="ConvNetRegressionTrainer"/>, which trains a convolutional network to predict a number of an image, or several. The network is written by a
    /// function of its input, which has the shape of the images, and the number of outputs: as many outputs as the label has numbers.
    /// </summary>
    /// <param name="catalog">The regression catalog's trainers.</param>
    /// <param name="labelColumnName">The name of the label column. The column data must be <see cref="float"/>, or a known-sized vector of it.</param>
    /// <param name="featureColumnName">
    /// The name of the feature column. The column data must be <see cref="Data.MLImage"/>, or a known-sized vector of <see cref="float"/>
    /// or <see cref="byte"/>.
    /// </param>
    /// <param name="network">Writes the network.</param>
    /// <param name="epoch">How often every image is taken; 10 where not given.</param>
    /// <param name="batchSize">The number of images of a step; 64 where not given.</param>
    /// <param name="learningRate">The learning rate of the optimizer, Adam; 0.001 where not given.</param>
    /// <param name="validationSet">Rows with which each epoch's weights are judged; the best are kept.</param>
    /// <param name="metricsCallback">Told how training goes after each batch and each epoch.</param>
    /// <example>
    /// <code>
    /// mlContext.Regression.Trainers.ConvNet("Label", "Features",
    ///     (input, outputs) => input.Conv(32, 3).Relu().MaxPool(2).Flatten().Dense(outputs));
    /// </code>
    /// </example>
    public static ConvNetRegressionTrainer ConvNet(
        this RegressionTrainers catalog,
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
        return catalog.ConvNet(new ConvNetRegressionTrainer.Options
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

    /// <inheritdoc cref="ConvNet(RegressionTrainers, string, string, Func{SymbolicTensor, int, SymbolicTensor}, int?, int?, float?, IDataView, Action{TrainingProgress})"/>
    /// <remarks>The network's input shape fits the images, and it has as many outputs as the label has numbers.</remarks>
    /// <example>
    /// <code>
    /// mlContext.Regression.Trainers.ConvNet("Label", "Features", network);
    /// </code>
    /// </example>
    public static ConvNetRegressionTrainer ConvNet(
        this RegressionTrainers catalog,
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
        return catalog.ConvNet(new ConvNetRegressionTrainer.Options
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

    /// <summary>
    /// Create <see cref="ConvNetRegressionTrainer"/>, which trains an architecture known by name, such as lenet5, to predict a number of an image, or several. It is built for the images'
    /// shape and as many outputs as the label has numbers.
    /// </summary>
    /// <param name="catalog">The regression catalog's trainers.</param>
    /// <param name="labelColumnName">The name of the label column. The column data must be <see cref="float"/>, or a known-sized vector of it.</param>
    /// <param name="featureColumnName">
    /// The name of the feature column. The column data must be <see cref="Data.MLImage"/>, or a known-sized vector of <see cref="float"/>
    /// or <see cref="byte"/>.
    /// </param>
    /// <param name="architecture">
    /// The name of an architecture, or layers in one line, such as <c>conv3-32 relu pool2 fc500 relu fc</c>.
    /// </param>
    /// <param name="epoch">How often every image is taken; where not given, as often as the architecture's recipe says for so many images.</param>
    /// <param name="batchSize">The number of images of a step; where not given, that of the architecture's recipe.</param>
    /// <param name="learningRate">
    /// The learning rate of the optimizer; where not given, that of the architecture's recipe, which chooses the optimizer, too.
    /// </param>
    /// <param name="validationSet">Rows with which each epoch's weights are judged; the best are kept.</param>
    /// <param name="metricsCallback">Told how training goes after each batch and each epoch.</param>
    /// <example>
    /// <code>
    /// mlContext.Regression.Trainers.ConvNet("Label", "Features", "lenet5");
    /// </code>
    /// </example>
    public static ConvNetRegressionTrainer ConvNet(
        this RegressionTrainers catalog,
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
        return catalog.ConvNet(new ConvNetRegressionTrainer.Options
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

    /// <summary>Create <see cref="ConvNetRegressionTrainer"/> with options.</summary>
    /// <param name="catalog">The regression catalog's trainers.</param>
    /// <param name="options">What the trainer is told.</param>
    /// <example>
    /// <code>
    /// mlContext.Regression.Trainers.ConvNet(new ConvNetRegressionTrainer.Options { Architecture = "lenet5", Epoch = 20 });
    /// </code>
    /// </example>
    public static ConvNetRegressionTrainer ConvNet(this RegressionTrainers catalog, ConvNetRegressionTrainer.Options options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Create <see cref="ConvNetMultiLabelTrainer"/>, which trains a convolutional network to predict which of several labels an image has, none of which excludes another. The network is written by a
    /// function of its input, which has the shape of the images, and the number of outputs: an output a label.
    /// </summary>
    /// <param name="catalog">The multiclass classification catalog's trainers.</param>
    /// <param name="labelColumnName">The name of the label column. The column data must be a known-sized vector of <see cref="bool"/>, or of <see cref="float"/> from 0 to 1.</param>
    /// <param name="featureColumnName">
    /// The name of the feature column. The column data must be <see cref="Data.MLImage"/>, or a known-sized vector of <see cref="float"/>
    /// or <see cref="byte"/>.
    /// </param>
    /// <param name="network">Writes the network.</param>
    /// <param name="epoch">How often every image is taken; 10 where not given.</param>
    /// <param name="batchSize">The number of images of a step; 64 where not given.</param>
    /// <param name="learningRate">The learning rate of the optimizer, Adam; 0.001 where not given.</param>
    /// <param name="validationSet">Rows with which each epoch's weights are judged; the best are kept.</param>
    /// <param name="metricsCallback">Told how training goes after each batch and each epoch.</param>
    /// <example>
    /// <code>
    /// mlContext.MulticlassClassification.Trainers.ConvNetMultiLabel("Label", "Features",
    ///     (input, outputs) => input.Conv(32, 3).Relu().MaxPool(2).Flatten().Dense(outputs).Sigmoid());
    /// </code>
    /// </example>
    public static ConvNetMultiLabelTrainer ConvNetMultiLabel(
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
        return catalog.ConvNetMultiLabel(new ConvNetMultiLabelTrainer.Options
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

    /// <inheritdoc cref="ConvNetMultiLabel(MulticlassTrainers, string, string, Func{SymbolicTensor, int, SymbolicTensor}, int?, int?, float?, IDataView, Action{TrainingProgress})"/>
    /// <remarks>The network's input shape fits the images, and it has an output a label.</remarks>
    /// <example>
    /// <code>
    /// mlContext.MulticlassClassification.Trainers.ConvNetMultiLabel("Label", "Features", network);
    /// </code>
    /// </example>
    public static ConvNetMultiLabelTrainer ConvNetMultiLabel(
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
        return catalog.ConvNetMultiLabel(new ConvNetMultiLabelTrainer.Options
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

    /// <summary>
    /// Create <see cref="ConvNetMultiLabelTrainer"/>, which trains an architecture known by name, such as lenet5, to predict which of several labels an image has, none of which excludes another. It is built for the images'
    /// shape and an output a label.
    /// </summary>
    /// <param name="catalog">The multiclass classification catalog's trainers.</param>
    /// <param name="labelColumnName">The name of the label column. The column data must be a known-sized vector of <see cref="bool"/>, or of <see cref="float"/> from 0 to 1.</param>
    /// <param name="featureColumnName">
    /// The name of the feature column. The column data must be <see cref="Data.MLImage"/>, or a known-sized vector of <see cref="float"/>
    /// or <see cref="byte"/>.
    /// </param>
    /// <param name="architecture">
    /// The name of an architecture, or layers in one line, such as <c>conv3-32 relu pool2 fc500 relu fc</c>.
    /// </param>
    /// <param name="epoch">How often every image is taken; where not given, as often as the architecture's recipe says for so many images.</param>
    /// <param name="batchSize">The number of images of a step; where not given, that of the architecture's recipe.</param>
    /// <param name="learningRate">
    /// The learning rate of the optimizer; where not given, that of the architecture's recipe, which chooses the optimizer, too.
    /// </param>
    /// <param name="validationSet">Rows with which each epoch's weights are judged; the best are kept.</param>
    /// <param name="metricsCallback">Told how training goes after each batch and each epoch.</param>
    /// <example>
    /// <code>
    /// mlContext.MulticlassClassification.Trainers.ConvNetMultiLabel("Label", "Features", "lenet5");
    /// </code>
    /// </example>
    public static ConvNetMultiLabelTrainer ConvNetMultiLabel(
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
        return catalog.ConvNetMultiLabel(new ConvNetMultiLabelTrainer.Options
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

    /// <summary>Create <see cref="ConvNetMultiLabelTrainer"/> with options.</summary>
    /// <param name="catalog">The multiclass classification catalog's trainers.</param>
    /// <param name="options">What the trainer is told.</param>
    /// <example>
    /// <code>
    /// mlContext.MulticlassClassification.Trainers.ConvNetMultiLabel(new ConvNetMultiLabelTrainer.Options { Architecture = "lenet5", Epoch = 20 });
    /// </code>
    /// </example>
    public static ConvNetMultiLabelTrainer ConvNetMultiLabel(this MulticlassTrainers catalog, ConvNetMultiLabelTrainer.Options options) =>
        new(CatalogEnvironment.Of(catalog), options);
}
