using Microsoft.ML.ConvNet.Onnx.Import;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>
/// Networks that were trained on many images, as the base of transfer learning, which packages bring: a program that references the package finds
/// the network's file in its own folder.
/// </summary>
/// <example>
/// <code>
/// // dotnet add package Microsoft.ML.ConvNet.ResNet18
/// var trainer = mlContext.MulticlassClassification.Trainers.ConvNetFineTuning("Label", "Image", BaseNetwork.ResNet18);
/// </code>
/// </example>
public static class BaseNetwork
{
    /// <summary>The package that brings <see cref="ResNet18"/>.</summary>
    public const string ResNet18Package = "Microsoft.ML.ConvNet.ResNet18";

    private const string ResNet18Name = "resnet18";

    // Where the package puts the files, beside the program: as that which they come from does.
    private const string Beside = "DnnImageModels";
    private static readonly string NetworkFile = Path.Combine("ResNet18Onnx", "ResNet18.onnx");
    private static readonly string PreparationFile = Path.Combine("ResNetPrepOnnx", "ResNetPreprocess.onnx");
    private static readonly object Gate = new();
    private static PretrainedModel? _resNet18;

    /// <summary>
    /// ResNet-18 (He et al., 2015) of the package Microsoft.ML.DnnImageFeaturizer.ResNet18, trained on ImageNet: for each image of 224 x 224 pixels
    /// its 512 features, the mean over the image of the last convolutions. It takes blue, green, red, minus a mean image; images of another size, as
    /// <c>ImageHeight</c> of a trainer may ask for, are taken, too, with the mean image resized. Read once, when it is
    /// first asked for, and shared by all who ask: nobody needs to dispose of it.
    /// </summary>
    /// <exception cref="FileNotFoundException">The files are not in the program's folder; the message names the package that brings them.</exception>
    /// <exception cref="ModelFormatException">A file is damaged, or another than that of the package.</exception>
    public static PretrainedModel ResNet18
    {
        get
        {
            lock (Gate)
            {
                return _resNet18 is { } read && IsUsable(read) ? read : _resNet18 = LoadResNet18();
            }
        }
    }

    /// <summary>Loads <see cref="ResNet18"/> once more, from another folder perhaps.</summary>
    /// <param name="folder">
    /// The folder <c>DnnImageModels</c> with the two files of the package, <c>ResNet18Onnx/ResNet18.onnx</c> and
    /// <c>ResNetPrepOnnx/ResNetPreprocess.onnx</c>; that beside the program where not given.
    /// </param>
    /// <returns>The model, which belongs to the caller.</returns>
    /// <exception cref="FileNotFoundException">The files are not there; the message names the package that brings them.</exception>
    /// <exception cref="ModelFormatException">A file is damaged, or another than that of the package.</exception>
    public static PretrainedModel LoadResNet18(string? folder = null)
    {
        string place = folder ?? Path.Combine(AppContext.BaseDirectory, Beside);
        string network = Path.Combine(place, NetworkFile);
        string preparation = Path.Combine(place, PreparationFile);
        string? missing = new[] { network, preparation }.FirstOrDefault(file => !File.Exists(file));
        if (missing is not null)
        {
            throw new FileNotFoundException(
                $"The base network ResNet-18 is in the file \"{missing}\", which the package {ResNet18Package} brings: dotnet add package {ResNet18Package}. "
                + "Received: no such file.",
                missing);
        }

        return OnnxPretrained.Load(network, ResNetPreparation.Read(preparation), ChannelOrder.Bgr, import: null, ResNet18Name);
    }

    /// <summary>Whether nobody has disposed of a model; one who did gets another.</summary>
    private static bool IsUsable(PretrainedModel model)
    {
        try
        {
            _ = model.Weights[model.Weights.Names.First()].Span;
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
