using System.CommandLine;
using System.Globalization;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet finetune</c>: teaches a network that was trained before the classes of a folder of images.</summary>
internal sealed class FineTuneCommand
{
    private static readonly ConvNetFineTuningTrainer.Options Usual = new();

    private static readonly Dictionary<string, ImageResizing> Resizings = new()
    {
        ["crop"] = ImageResizing.Crop,
        ["fill"] = ImageResizing.Fill,
        ["pad"] = ImageResizing.Pad,
    };

    private readonly LearningOptions _learning = new(
        NumberOptions.Integer(
            "--epochs", 0, 1_000_000, "How often to go through the training images with the whole network; 0 trains the classifier alone; by default "
            + FormattableString.Invariant($"{Usual.FineTuningEpoch}.")),
        FormattableString.Invariant($"{Usual.BatchSize}"),
        "The size of a step of the network; by default a tenth of the classifier's.",
        "The height and width to which images are brought, where the layers take it; by default the network's own.",
        CommandOptions.Model("Where to save the model: a zip file as ML.NET saves it.", required: true));

    private readonly Option<string> _base =
        new("--base") { Description = $"The trained network: {BaseModelFile.Kinds}.", HelpName = "FILE", Required = true };

    private readonly Option<string> _architecture = new("--arch")
    {
        Description = "The architecture that the tensors of a .safetensors file are of, such as resnet18; convnet zoo names them.",
        HelpName = "NAME",
    };

    private readonly Option<string> _layer = new("--layer")
    {
        Description = "The layer behind which the new classifier is put; by default what stands before the network's own. convnet summary names the layers.",
        HelpName = "NAME",
    };

    private readonly Option<string> _resizing = new("--resizing")
    {
        Description = "How images are brought to the network's size: crop, scaled until they cover it, and cut; fill, stretched; or pad, scaled until they lie "
            + "within it; by default crop, or as the model file of --base says.",
        HelpName = "KIND",
    };

    private readonly Option<int?> _headEpochs = NumberOptions.Integer(
        "--head-epochs", 1, 1_000_000, "How often the new classifier is trained on the images' features before, which takes a moment; by default "
        + FormattableString.Invariant($"{Usual.Epoch}."));

    private readonly Option<double?> _headRate = NumberOptions.Real(
        "--head-learning-rate", CommandOptions.LearningRates, FormattableString.Invariant($"The size of a step of the classifier; by default {Usual.LearningRate}."));

    private readonly Option<int?> _depthParts = NumberOptions.Integer(
        "--depth-parts", 1, 1000, "Into how many parts of as many layers the network is divided, each of which learns more slowly than the one behind it; by default "
        + FormattableString.Invariant($"{Usual.DepthParts}."));

    private readonly Option<double?> _depthFactor = NumberOptions.Real(
        "--depth-factor", new RealRange(1e-6, 1), "What the learning rate of a part is multiplied by to give that of the part before it; by default "
        + FormattableString.Invariant($"{Usual.DepthFactor:0.##}."));

    private readonly PixelOptions _pixels = new();

    private FineTuneCommand()
    {
        _ = _resizing.AcceptOnlyFromAmong([.. Resizings.Keys]);
    }

    /// <summary>The command.</summary>
    public static System.CommandLine.Command Create()
    {
        FineTuneCommand tune = new();
        System.CommandLine.Command command = new(
            "finetune",
            "Teaches a trained network the classes of images and saves it: a new classifier on its features first, then the whole. Images of any size are brought to "
            + "what the network takes. Ctrl+C stops the training and saves the best model so far.");
        tune._learning.AddTo(
            command,
            [
                tune._base, tune._architecture, tune._layer, tune._resizing, tune._headEpochs, tune._headRate, tune._depthParts, tune._depthFactor,
                .. tune._pixels.All,
            ]);
        command.SetAction(tune.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        using Interruption interruption = new();
        string modelPath = _learning.ModelPath(parsed)!;
        string? jsonPath = _learning.JsonPath(parsed);
        LearningSettings learning = _learning.Settings(parsed, interruption);

        // The network says what size it wants, and the trainer resizes to it: pixels that are at hand become pictures.
        TrainingImages images = _learning.Images(parsed, asPictures: true);
        using PretrainedModel trained = BaseModelFile.Read(parsed.GetRequiredValue(_base), parsed.GetValue(_architecture), _pixels.Of(parsed));
        FineTuningSettings settings = new(trained, learning)
        {
            Layer = parsed.GetValue(_layer),
            Resizing = parsed.GetValue(_resizing) is { } resizing ? Resizings[resizing] : null,
            HeadEpochs = parsed.GetValue(_headEpochs),
            HeadLearningRate = parsed.GetValue(_headRate),
            DepthParts = parsed.GetValue(_depthParts),
            DepthFactor = parsed.GetValue(_depthFactor),
        };
        Network features = Features(settings);
        if (settings.Epochs != 0)
        {
            TrainingMemory.Require(
                features, TrainingMemory.OptionsOf(settings, Math.Min(settings.BatchSize ?? Usual.BatchSize, images.Training.Count)), "--batch-size");
        }

        Console.Out.Write(
            $"{images.Describe()}\n"
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{TerminalText.Of(settings.Base.Name)} to the layer {TerminalText.Of(features.Nodes[^1].Name)}: images of {features.InputShape}, ")
            + string.Create(CultureInfo.InvariantCulture, $"features {features.OutputShape}, seed {settings.Seed}\n"));
        MLContext context = TrainingContext.Create(settings);
        using TrainedModel model = FineTuningPipeline.Train(context, images.Training, images.Validation, settings, TrainingDisplay.ForConsole());
        return TrainingOutcome.Save(context, model, images, modelPath, jsonPath);
    }

    /// <summary>The layers of the base that give the features, for images of the size that is asked for.</summary>
    /// <exception cref="CommandException">There is no such layer, or the layers take no such images.</exception>
    private static Network Features(FineTuningSettings settings)
    {
        Network network = settings.Base.Network;
        string layer = settings.Layer ?? settings.Base.FeatureLayer
            ?? throw new CommandException($"--base is a network with layers before its classifier. Received: {TerminalText.Of(network.ToString())}.");
        try
        {
            Shape input = network.InputShape;
            return network.Truncate(layer).WithInput(settings.ImageSize is { } size ? new Shape(size, size, input.Channels) : input);
        }
        catch (Exception error) when (error is ArgumentException or Layers.NetworkDefinitionException)
        {
            throw new CommandException(
                $"--layer and --image-size fit the network. Received: {TerminalText.Of(layer)} and "
                + $"{(settings.ImageSize is { } size ? ProgressText.Number(size) : "its own")}: {ErrorLine.InOneLine(error.Message)}",
                error);
        }
    }
}
