using System.CommandLine;
using System.Globalization;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet train</c>: trains an architecture on a folder of images and saves the pipeline as a model file.</summary>
internal sealed class TrainCommand
{
    private readonly LearningOptions _learning = new(
        CommandOptions.Epochs(),
        "what suits the architecture",
        "The size of a step; by default what suits the architecture.",
        "The height and width to which images are brought; by default images of one size up to 256 pixels stay as they are, and others are brought to what the "
        + "architecture was made for.",
        CommandOptions.Model("Where to save the model: a zip file as ML.NET saves it; needed to train.", required: false));

    private readonly Option<string> _architecture = new("--arch")
    {
        Description = $"What to train: {NetworkArgument.Architectures}; fc without a number has as many units as there are classes.",
        HelpName = "NAME",
        Required = true,
    };

    private readonly Option<double?> _width = CommandOptions.Width();
    private readonly LayerwiseOptions _layerwise = new();
    private readonly Option<string> _weights = new("--weights")
    {
        Description = $"What to begin with: {WeightFile.Kinds}. Parameters whose name and shape stand there begin as there, the others at random; "
            + "by default all begin at random.",
        HelpName = "FILE",
    };

    private readonly Option<string> _order =
        CommandOptions.Order("The order in which the network takes the colours of image files: rgb, the default, or bgr.");

    private readonly Option<string> _background = CommandOptions.Background(CommandOptions.BackgroundOfModel);
    private readonly Option<bool> _last = new("--no-keep-best") { Description = "Save the weights of the last epoch, rather than of the best." };
    private readonly Option<bool> _unshuffled = new("--no-shuffle") { Description = "Take the images in the same order in every epoch." };
    private readonly Option<bool> _finds = new("--find-learning-rate")
    {
        Description = "Train nothing, but show how the loss goes while the learning rate grows from step to step, and where it falls fastest: a learning "
            + "rate to begin with. Images, network and the options of steps are those of a training.",
    };

    private TrainCommand()
    {
    }

    /// <summary>The command.</summary>
    public static System.CommandLine.Command Create()
    {
        TrainCommand train = new();
        System.CommandLine.Command command = new(
            "train", "Trains a network on images and saves it. Ctrl+C stops the training and saves the best model so far.");
        train._learning.AddTo(
            command, train._architecture, train._width, train._weights, train._order, train._background, train._last, train._unshuffled, train._finds);
        train._layerwise.AddTo(command);
        command.SetAction(train.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        using Interruption interruption = new();
        bool finds = parsed.GetValue(_finds);
        if (finds)
        {
            CommandOptions.RequireNone(parsed, _learning.OfWholeTrainings.Append(_last), $"{_finds.Name} trains nothing, and changes the learning rate by itself");
        }

        string? modelPath = _learning.ModelPath(parsed);
        string? jsonPath = _learning.JsonPath(parsed);
        RequireModel(modelPath, finds);
        TrainingSettings settings = Settings(parsed, interruption);
        TrainingImages images = _learning.Images(parsed, asPictures: settings.ImageSize is not null);
        if (settings.Background is { } ground && images.All is not ImageFiles)
        {
            throw new CommandException(
                $"{CommandOptions.BackgroundName} is for image files, whose pixels may be transparent. "
                + $"Received: {BackgroundText.Of(ground)} for {_learning.DescribeData(parsed)}.");
        }

        Network network = settings.CreateNetwork(InputShape(settings, images.All), images.All.ClassNames.Count);
        TrainingMemory.Require(network, TrainingMemory.OptionsOf(settings, Math.Min(settings.BatchSizeOrRecipe, images.Training.Count)), "--batch-size");
        using InitialWeights? initial = InitialWeights.Read(parsed.GetValue(_weights), network, settings.Seed, _weights.Name);
        settings = settings with { InitialWeights = initial };
        Console.Out.Write(Introduction(settings, images, network));
        WarnOfRandom(settings);
        MLContext context = TrainingContext.Create(settings);
        if (finds)
        {
            Console.Out.Write(LearningRateText.Of(PipelineTraining.FindLearningRate(context, images.Training, network.InputShape, settings)));
            TrainingOutcome.Warn(images.Unreadable);
            return ExitCode.Success;
        }

        using TrainedModel model = PipelineTraining.Train(
            context, images.Training, images.Validation, network.InputShape, settings, TrainingDisplay.ForConsole());
        return TrainingOutcome.Save(context, model, images, modelPath!, jsonPath);
    }

    private TrainingSettings Settings(ParseResult parsed, Interruption interruption) => _layerwise.AddTo(
        new TrainingSettings(Architecture.Get(parsed.GetRequiredValue(_architecture)), _learning.Settings(parsed, interruption))
        {
            Width = parsed.GetValue(_width) ?? 1,
            ChannelOrder = CommandOptions.ChannelOrderOf(parsed.GetValue(_order)),
            Background = CommandOptions.BackgroundOf(parsed.GetValue(_background)),
            KeepsBest = !parsed.GetValue(_last),
            Shuffles = !parsed.GetValue(_unshuffled),
        },
        parsed);

    private static Shape InputShape(TrainingSettings settings, LabelledImages images)
    {
        Shape shape = images.InputShape(settings.Architecture.DefaultInput);
        return settings.ImageSize is { } size ? new Shape(size, size, shape.Channels) : shape;
    }

    private void RequireModel(string? path, bool finds)
    {
        switch (path, finds)
        {
            case (null, false):
                throw new CommandException("--model names the file to save the model to. Received: none.");
            case (not null, true):
                throw new CommandException($"{_finds.Name} makes no model to save. Received: --model {TerminalText.Of(path)}.");
            default:
                break;
        }
    }

    private void WarnOfRandom(TrainingSettings settings)
    {
        if (settings.InitialWeights?.RandomAmong(settings.FrozenLayers) is { Count: > 0 } random)
        {
            Console.Error.WriteLine(
                $"warning: --frozen-layers keep the weights that they begin with, and these are drawn at random for {NameList.Of(random)}: "
                + $"the file of {_weights.Name} has none of their names and shapes.");
        }
    }

    private static string Introduction(TrainingSettings settings, TrainingImages images, Network network) =>
        $"{images.Describe()}\n{network}\n"
        + $"{ProgressText.Count(settings.EpochsFor(images.Training.Count), "epoch")}, batches of {settings.BatchSizeOrRecipe}, "
        + string.Create(CultureInfo.InvariantCulture, $"learning rate {settings.LearningRateOrRecipe}, seed {settings.Seed}\n")
        + (settings.InitialWeights is { } initial ? $"{initial.Describe()}\n" : string.Empty);
}
