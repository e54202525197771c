using System.CommandLine;
using System.Globalization;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Reports;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet train</c>: trains an architecture on a folder of images and saves the pipeline as a model file.</summary>
internal static class TrainCommand
{
    private const string FindName = "--find-learning-rate";

    public static System.CommandLine.Command Create()
    {
        Option<string> data = CommandOptions.Data($"What to train with: {DataFolder.Kinds}.", required: true);
        Option<string> split = CommandOptions.Split();
        Option<string> architecture = new("--arch")
        {
            Description = $"What to train: {NetworkArgument.Architectures}; fc without a number has as many units as there are classes.",
            HelpName = "NAME",
            Required = true,
        };
        Option<int?> epochs = CommandOptions.Epochs();
        Option<int?> batchSize = NumberOptions.Integer(
            "--batch-size", 1, 1_000_000, "How many images make a step; by default what suits the architecture.");
        Option<double?> learningRate = NumberOptions.Real(
            "--learning-rate", CommandOptions.LearningRates, "The size of a step; by default what suits the architecture.");
        Option<int?> seed = CommandOptions.Seed();
        Option<double?> validationFraction = CommandOptions.ValidationFraction();
        OptimizationOptions optimization = new();
        CallbackOptions callbacks = new();
        Option<bool> finds = new(FindName)
        {
            Description = "Train nothing, but show how the loss goes while the learning rate grows from step to step, and where it falls fastest: a learning "
                + "rate to begin with. Images, network and the options of steps are those of a training.",
        };
        Option<string> weights = new("--weights")
        {
            Description = $"What to begin with: {WeightFile.Kinds}. Parameters whose name and shape stand there begin as there, the others at random; "
                + "by default all begin at random.",
            HelpName = "FILE",
        };
        Option<string> frozen = new("--frozen-layers")
        {
            Description = "Layers whose weights stay as they are, such as those that begin with --weights, with commas between them; * stands for any "
                + "characters of a name, ? for one; convnet summary names the layers.",
            HelpName = "A,B,C",
        };
        Option<string> classWeights = new("--class-weights")
        {
            Description = "What the images of each class count: balanced, so that all classes count alike, however many images each has; by default "
                + "every image counts once. The loss is the mean weighted by them.",
            HelpName = "WEIGHTS",
        };
        classWeights.AcceptOnlyFromAmong("balanced");
        ReadingOptions reading = new();
        AugmentationOptions augmentation = new();
        Option<string> order = CommandOptions.Order("The order in which the network takes the colours of image files: rgb, the default, or bgr.");
        Option<string> background = CommandOptions.Background(CommandOptions.BackgroundOfModel);
        CheckpointOptions checkpoints = new();
        Option<bool> last = new("--no-keep-best") { Description = "Save the weights of the last epoch, rather than of the best." };
        Option<bool> unshuffled = new("--no-shuffle") { Description = "Take the images in the same order in every epoch." };
        Option<int?> threads = CommandOptions.Threads();
        Option<int?> maxPixels = CommandOptions.MaxPixels();
        Option<string> model = CommandOptions.Model("Where to save the model: a zip file as ML.NET saves it; needed to train.", required: false);
        Option<string> json = CommandOptions.Json("accuracy, log-loss, speed, epochs and confusion matrix");
        System.CommandLine.Command command = new(
            "train",
            "Trains a network on images and saves it. Images of one size up to 256 pixels are taken as they are, others are resized to "
            + "what the architecture was made for. Ctrl+C stops the training and saves the best model so far.")
        {
            data, split, architecture, epochs, batchSize, learningRate, seed, validationFraction,
            classWeights, weights, frozen, order, background, last, unshuffled, threads, maxPixels,
            finds, model, json,
        };
        optimization.AddTo(command);
        callbacks.AddTo(command);
        reading.AddTo(command);
        checkpoints.AddTo(command);
        augmentation.AddTo(command);
        command.SetAction(parsed =>
        {
            RequireNoReport(parsed.GetValue(finds), parsed.GetValue(json), checkpoints.Folder(parsed));
            using Interruption interruption = new();
            TrainingSettings settings = new(Architecture.Get(parsed.GetRequiredValue(architecture)))
            {
                Epochs = parsed.GetValue(epochs),
                BatchSize = parsed.GetValue(batchSize),
                LearningRate = parsed.GetValue(learningRate),
                BalancesClasses = parsed.GetValue(classWeights) != null,
                FrozenLayers = parsed.GetValue(frozen)?.Split(',', StringSplitOptions.TrimEntries) ?? [],
                Augmentation = augmentation.Of(parsed),
                Callbacks = callbacks.Of(parsed),
                ChannelOrder = CommandOptions.ChannelOrderOf(parsed.GetValue(order)),
                Background = CommandOptions.BackgroundOf(parsed.GetValue(background)),
                KeepsBest = !parsed.GetValue(last),
                Shuffles = !parsed.GetValue(unshuffled),
                Seed = parsed.GetValue(seed) ?? 0,
                CheckpointFolder = checkpoints.Folder(parsed),
                CheckpointSteps = checkpoints.Steps(parsed),
                Resumes = checkpoints.Resumes(parsed),
                NumberOfThreads = parsed.GetValue(threads) ?? 0,
                CacheBudget = reading.Budget(parsed),
                CancellationToken = interruption.Token,
            };
            return Run(
                optimization.AddTo(settings, parsed),
                parsed.GetRequiredValue(data),
                parsed.GetValue(split),
                parsed.GetValue(weights),
                CommandOptions.Decoder(parsed.GetValue(maxPixels), settings.NumberOfThreads),
                parsed.GetValue(validationFraction) ?? CommandOptions.DefaultValidationFraction,
                reading.Unreadable(parsed),
                ModelPath(parsed.GetValue(model), parsed.GetValue(finds)),
                parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(
        TrainingSettings settings,
        string dataPath,
        string? splitPath,
        string? weightPath,
        ImageDecoder decoder,
        double validationFraction,
        UnreadableFiles? unreadable,
        string? modelPath,
        string? jsonPath)
    {
        OutputFile.RequireWritable(modelPath, "--model");
        OutputFile.RequireWritable(jsonPath, "--json");
        CheckpointOptions.RequireFolder(settings.CheckpointFolder, settings.CheckpointSteps, settings.Resumes);

        LabelledImages images = DataFolder.OpenForTraining(dataPath, decoder, splitPath);
        images = ReadingOptions.Without(images, unreadable);
        if (settings.Background is { } ground && images is PixelImages)
        {
            throw new CommandException(
                $"{CommandOptions.BackgroundName} is for image files, whose pixels may be transparent. "
                + $"Received: {BackgroundText.Of(ground)} for {DataFolder.Describe(dataPath)}.");
        }

        Network network = settings.Architecture.Create(images.InputShape(settings.Architecture.DefaultInput), images.ClassNames.Count);
        (LabelledImages training, LabelledImages? validation) =
            validationFraction == 0 ? (images, null) : images.Divide(validationFraction, settings.Seed);
        TrainingMemory.Require(network, Math.Min(settings.BatchSizeOrRecipe, training.Count), "--batch-size");
        using InitialWeights? initial = InitialWeights.Read(weightPath, network, settings.Seed, "--weights");
        settings = settings with { InitialWeights = initial };
        Console.Out.Write(Introduction(settings, images, network, training, validation));
        if (initial?.RandomAmong(settings.FrozenLayers) is { Count: > 0 } random)
        {
            Console.Error.WriteLine(
                $"warning: --frozen-layers keep the weights that they begin with, and these are drawn at random for {NameList.Of(random)}: "
                + "the file of --weights has none of their names and shapes.");
        }

        MLContext context = TrainingContext.Create(settings);
        if (modelPath is null)
        {
            Console.Out.Write(LearningRateText.Of(PipelineTraining.FindLearningRate(context, training, network.InputShape, settings)));
            TrainingOutcome.Warn(unreadable);
            return ExitCode.Success;
        }

        using TrainedModel model = PipelineTraining.Train(
            context, training, validation, network.InputShape, settings, TrainingDisplay.ForConsole());
        return TrainingOutcome.Save(context, model, training, validation, unreadable, modelPath, jsonPath);
    }

    /// <summary>Where the model is saved; null where a learning rate is looked for, and there is no model.</summary>
    private static string? ModelPath(string? path, bool finds) => (path, finds) switch
    {
        (null, false) => throw new CommandException("--model names the file to save the model to. Received: none."),
        (not null, true) => throw new CommandException($"{FindName} makes no model to save. Received: --model {TerminalText.Of(path)}."),
        _ => path,
    };

    private static void RequireNoReport(bool finds, string? jsonPath, string? checkpoints)
    {
        if (finds && (jsonPath ?? checkpoints) is { } received)
        {
            throw new CommandException(
                $"{FindName} trains nothing that is reported or gone on with. Received: {(jsonPath is null ? "--checkpoints" : "--json")} {TerminalText.Of(received)}.");
        }
    }

    private static string Introduction(
        TrainingSettings settings, LabelledImages images, Network network, LabelledImages training, LabelledImages? validation)
    {
        string parts = validation == null
            ? "all to train"
            : $"{ProgressText.Number(training.Count)} to train, {ProgressText.Number(validation.Count)} to validate";
        return $"{ProgressText.Count(images.Count, "image")}, {images.DescribeImages()}, "
            + $"{ProgressText.Count(images.ClassNames.Count, "class", "classes")}; {parts}\n{network}\n"
            + $"{ProgressText.Count(settings.EpochsFor(training.Count), "epoch")}, batches of {settings.BatchSizeOrRecipe}, "
            + string.Create(CultureInfo.InvariantCulture, $"learning rate {settings.LearningRateOrRecipe}, seed {settings.Seed}\n")
            + (settings.InitialWeights is { } initial ? $"{initial.Describe()}\n" : string.Empty);
    }
}
