using System.Globalization;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.ModelStorage;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// A network with trained weights, and how it wants images: what a featurizer (<c>mlContext.Transforms.ConvNetFeaturizer</c>) and a fine-tuning
/// (<c>mlContext.MulticlassClassification.Trainers.ConvNetFineTuning</c>) are based on.
/// </summary>
/// <remarks>
/// <para>
/// The weights belong to it and are disposed of with it. Neither a featurizer nor a fine-tuning changes them. A featurizer copies what it needs when it
/// is made; a fine-tuning does so whenever it is fitted, and until then the model must not be disposed of. What they give has weights of its own.
/// </para>
/// <para>Any number of estimators, on any number of threads, may be based on one model.</para>
/// </remarks>
/// <example>
/// <code>
/// using PretrainedModel resNet = PretrainedModel.LoadSafeTensors("resnet18.safetensors", "resnet18");
/// var pipeline = mlContext.Transforms.LoadImages("Image", imageFolder, "Path")
///     .Append(mlContext.Transforms.ConvNetFeaturizer("Features", "Image", resNet))
///     .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
///     .AppendCacheCheckpoint(mlContext)
///     .Append(mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
/// </code>
/// </example>
public sealed class PretrainedModel : IDisposable
{
    private readonly string? _featureLayer;

    /// <summary>Takes a network and its weights.</summary>
    /// <param name="network">The network, which takes images <c>[H, W, 1]</c> or <c>[H, W, 3]</c>.</param>
    /// <param name="weights">Its weights, which are this model's from now on.</param>
    /// <param name="normalization">What is done to pixel values, 0 to 255, before the network.</param>
    /// <param name="order">The order in which it takes the colours of an image.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="ArgumentException">The network takes no images, or the weights or the normalisation are another network's.</exception>
    public PretrainedModel(Network network, Weights weights, PixelNormalization normalization, ChannelOrder order, string name)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(normalization);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!network.InputShape.IsImage || network.InputShape.Channels is not (1 or 3))
        {
            throw new ArgumentException($"A pretrained model takes images [height, width, 1] or [height, width, 3]. Received: {network}.", nameof(network));
        }

        weights.RequireFit(network);
        if (!normalization.Fits(network.InputShape))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"A normalisation has one offset and scale, or one for each of {network.InputShape.Channels} channels. ")
                + FormattableString.Invariant($"Received: {normalization.Offsets.Count}."),
                nameof(normalization));
        }

        if (!Enum.IsDefined(order))
        {
            throw new ArgumentException($"The order of the channels is one of its names. Received: {order}.", nameof(order));
        }

        Network = network;
        Weights = weights;
        Normalization = normalization;
        ChannelOrder = order;
        Name = name;
        _featureLayer = network.FeatureLayer;
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>Its weights, which are disposed of with this.</summary>
    public Weights Weights { get; }

    /// <summary>What is done to pixel values, 0 to 255, before the network.</summary>
    public PixelNormalization Normalization { get; }

    /// <summary>The order in which the network takes the colours of an image.</summary>
    public ChannelOrder ChannelOrder { get; }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>How images of another size are brought to that which the network takes; cropped to its ratio of sides where not given.</summary>
    public ImageResizing Resizing { get; init; } = ImageResizing.Crop;

    /// <summary>What transparent pixels of an image lie on; white where not given.</summary>
    public ImageBackground ImageBackground { get; init; }

    /// <summary>
    /// The layer whose output are the features of an image, where nobody names another: what stands before the classifier, found by
    /// <see cref="Network.FeatureLayer"/> where not given; null where there is none.
    /// </summary>
    /// <exception cref="ArgumentException">The network has no such layer.</exception>
    public string? FeatureLayer
    {
        get => _featureLayer;
        init
        {
            _ = value is null ? null : Network.LayersUpTo(value);
            _featureLayer = value;
        }
    }

    /// <summary>
    /// Loads a model of this library: a file of <c>mlContext.Model.Save</c> or SaveNetwork with one convolutional network in it, with the
    /// normalisation, the order of channels and the background that it was trained with. The file of one that was trained on vectors of <see cref="float"/>
    /// does not say whether these were pixels from 0 to 255: where its normalisation plainly is of other numbers, as of pixels that were divided by 255, it
    /// is refused, and can be given to the constructor with another normalisation.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">
    /// The file holds no such network, or more than one, or is damaged, or its network was trained on vectors of other numbers than pixels.
    /// </exception>
    public static PretrainedModel Load(string path)
    {
        NetworkFile file = NetworkFile.Load(path);
        try
        {
            TrainedRange.RequirePixels(file, path);
            return new PretrainedModel(
                file.Network,
                file.Weights,
                file.Normalization,
                file.IsBlueFirst ? ChannelOrder.Bgr : ChannelOrder.Rgb,
                file.Network.Name ?? Path.GetFileNameWithoutExtension(path))
            {
                Resizing = file.Resizing == ImageResizing.None ? ImageResizing.Crop : file.Resizing,
                ImageBackground = file.IsBackgroundWhite ? ImageBackground.White : ImageBackground.Black,
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Loads weights under torchvision's names (<see cref="PyTorchWeights"/>) for an architecture of the Zoo that torchvision has, too, with the
    /// normalisation of its published weights. The number of classes is the file's; tensors of auxiliary classifiers may be in it.
    /// </summary>
    /// <param name="path">The safetensors file.</param>
    /// <param name="architecture">The name of the architecture, such as resnet18.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">There is no such architecture.</exception>
    /// <exception cref="ModelFormatException">The file is malformed, or holds the weights of another network.</exception>
    public static PretrainedModel LoadSafeTensors(string path, string architecture)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(architecture);
        Architecture known = Architecture.Get(architecture);
        ModelFormatException.RequireRegularFile(path, "A file of weights");
        using FileStream file = File.OpenRead(path);
        Network network = known.Create(known.DefaultInput, ClassesOf(file, known));
        file.Position = 0;
        Weights weights = PyTorchWeights.Read(file, network, allowOthers: true);
        try
        {
            bool isTransformed = known.Name.StartsWith("googlenet", StringComparison.Ordinal) || known.Name.StartsWith("inception-v3", StringComparison.Ordinal);
            return new PretrainedModel(
                network, weights, isTransformed ? PixelNormalization.TransformInput : PixelNormalization.ImageNet, ChannelOrder.Rgb, known.Name);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Weights.Dispose();

    /// <summary>The name and the network in one line.</summary>
    public override string ToString() => $"{Name}: {Network}";

    /// <summary>What is done to the pixels of images of a size: a mean image is brought to it.</summary>
    internal PixelNormalization NormalizationFor(Shape input) => Normalization.Resized(Network.InputShape, input);

    /// <summary>The layers that give the features of an image.</summary>
    /// <param name="layer">The layer that they end in; <see cref="FeatureLayer"/> where not given.</param>
    /// <param name="pools">Whether the features are the mean over the image, as a vector; else they have the layer's shape.</param>
    /// <param name="height">The height of the images; the network's where not given.</param>
    /// <param name="width">Their width.</param>
    /// <exception cref="ArgumentException">There is no such layer, or none before the classifier.</exception>
    /// <exception cref="Layers.NetworkDefinitionException">A layer cannot work on images of this size.</exception>
    internal Network Features(string? layer, bool pools, int? height, int? width)
    {
        string last = layer ?? _featureLayer ?? throw new ArgumentException(
            $"The features of {Name} are the output of a layer before its classifier. Received: {Network}, whose classifier reads the images themselves.",
            nameof(layer));
        Shape input = Network.InputShape;
        Network features = Network.Truncate(last).WithInput([height ?? input.Height, width ?? input.Width, input.Channels]);
        return pools ? features.WithVectorOutput() : features;
    }

    /// <summary>The number of classes of published weights: the outputs of the last layer.</summary>
    private static int ClassesOf(Stream file, Architecture architecture)
    {
        string last = architecture.Create(architecture.DefaultInput, architecture.Classes).Parameters.Last(parameter => parameter.Definition.Decays).Name;
        return SafeTensors.ReadDimensions(file).TryGetValue(last, out IReadOnlyList<long>? dimensions) && dimensions is [> 0 and <= ClassLabels.MaximumCount, ..]
            ? (int)dimensions[0]
            : throw new ModelFormatException(
                $"The file has the weights of {architecture.Name}, with a tensor \"{last}\" of as many rows as there are classes. Received: "
                + (dimensions is null
                    ? "no tensor of this name."
                    : $"[{string.Join(", ", dimensions.Select(dimension => dimension.ToString(CultureInfo.InvariantCulture)))}]."));
    }
}
