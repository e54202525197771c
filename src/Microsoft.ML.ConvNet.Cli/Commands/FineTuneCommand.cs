using System.CommandLine;
using System.Globalization;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Reports;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet finetune</c>: teaches a network that was trained before the classes of a folder of images.</summary>
internal static class FineTuneCommand
{
    private const int LargestSize = 4096;

    private static readonly ConvNetFineTuningTrainer.Options Usual = new();

    public static System.CommandLine.Command Create()
    {
        Option<string> data = CommandOptions.Data($"What to train with: {DataFolder.Kinds}.", required: true);
        Option<string> split = CommandOptions.Split();
        Option<string> given = new("--base") { Description = $"The trained network: {BaseModelFile.Kinds}.", HelpName = "FILE", Required = true };
        Option<string> architecture = new("--arch")
        {
            Description = "The architecture that the tensors of a .safetensors file are of, such as resnet18; convnet zoo names them.",
            HelpName = "NAME",
        };
        Option<string> layer = new("--layer")
        {
            Description = "The layer behind which the new classifier is put; by default what stands before the network's own. convnet summary names the layers.",
            HelpName = "NAME",
        };
        Option<int?> size = NumberOptions.Integer(
            "--image-size", 8, LargestSize, "The height and width to which images are brought, where the layers take it; by default the network's own.");
        Option<int?> epochs = NumberOptions.Integer(
            "--epochs", 0, 1_000_000, "How often to go through the training images with the whole network; 0 trains the classifier alone; by default "
            + FormattableString.Invariant($"{Usual.FineTuningEpoch}."));
        Option<int?> headEpochs = NumberOptions.Integer(
            "--head-epochs", 1, 1_000_000, "How often the new classifier is trained on the images' features before, which takes a moment; by default "
            + FormattableString.Invariant($"{Usual.Epoch}."));
        Option<int?> batchSize = NumberOptions.Integer("--batch-size", 1, 1_000_000, FormattableString.Invariant($"How many images make a step; by default {Usual.BatchSize}."));
        Option<double?> rate = NumberOptions.Real(
            "--learning-rate", CommandOptions.LearningRates, "The size of a step of the network; by default a tenth of the classifier's.");
        Option<double?> headRate = NumberOptions.Real(
            "--head-learning-rate", CommandOptions.LearningRates, FormattableString.Invariant($"The size of a step of the classifier; by default {Usual.LearningRate}."));
        Option<string> frozen = new("--frozen-layers")
        {
            Description = "Layers whose weights stay as they are, with commas between them; * stands for any characters of a name.",
            HelpName = "A,B,C",
        };
        PixelOptions pixels = new();
        AugmentationOptions augmentation = new();
        CheckpointOptions checkpoints = new();
        ReadingOptions reading = new();
        Option<int?> seed = CommandOptions.Seed();
        Option<double?> validationFraction = CommandOptions.ValidationFraction();
        Option<int?> threads = CommandOptions.Threads();
        Option<int?> maxPixels = CommandOptions.MaxPixels();
        Option<string> model = CommandOptions.Model("Where to save the model: a zip file as ML.NET saves it.", required: true);
        Option<string> json = CommandOptions.Json("accuracy, log-loss, speed, epochs and confusion matrix");
        System.CommandLine.Command command = new(
            "finetune",
            "Teaches a trained network the classes of images and saves it: a new classifier on its features first, then the whole. Images of any size are brought to "
            + "what the network takes. Ctrl+C stops the training and saves the best model so far.")
        {
            data, split, given, architecture, layer, size, epochs, headEpochs, batchSize, rate, headRate, frozen, seed, validationFraction, threads, maxPixels,
            model, json,
        };
        pixels.AddTo(command);
        reading.AddTo(command);
        checkpoints.AddTo(command);
        augmentation.AddTo(command);
        command.SetAction(parsed =>
        {
            using Interruption interruption = new();
            string modelPath = parsed.GetRequiredValue(model);
            string? jsonPath = parsed.GetValue(json);
            OutputFile.RequireWritable(modelPath, "--model");
            OutputFile.RequireWritable(jsonPath, "--json");
            CheckpointOptions.RequireFolder(checkpoints.Folder(parsed), checkpoints.Steps(parsed), checkpoints.Resumes(parsed));
            LabelledImages images = DataFolder.OpenForTraining(
                parsed.GetRequiredValue(data),
                CommandOptions.Decoder(parsed.GetValue(maxPixels), parsed.GetValue(threads) ?? 0),
                parsed.GetValue(split));
            UnreadableFiles? unreadable = reading.Unreadable(parsed);
            images = ReadingOptions.Without(images, unreadable);
            using PretrainedModel trained = BaseModelFile.Read(
                parsed.GetRequiredValue(given), parsed.GetValue(architecture), pixels.Of(parsed));
            FineTuningSettings settings = new(trained)
            {
                Layer = parsed.GetValue(layer),
                ImageSize = parsed.GetValue(size),
                Epochs = parsed.GetValue(epochs),
                HeadEpochs = parsed.GetValue(headEpochs),
                BatchSize = parsed.GetValue(batchSize),
                LearningRate = parsed.GetValue(rate),
                HeadLearningRate = parsed.GetValue(headRate),
                FrozenLayers = parsed.GetValue(frozen)?.Split(',', StringSplitOptions.TrimEntries) ?? [],
                Augmentation = augmentation.Of(parsed),
                Seed = parsed.GetValue(seed) ?? 0,
                CheckpointFolder = checkpoints.Folder(parsed),
                CheckpointSteps = checkpoints.Steps(parsed),
                Resumes = checkpoints.Resumes(parsed),
                NumberOfThreads = parsed.GetValue(threads) ?? 0,
                CacheBudget = reading.Budget(parsed),
                CancellationToken = interruption.Token,
            };
            return Run(
                settings, images, unreadable, parsed.GetValue(validationFraction) ?? CommandOptions.DefaultValidationFraction, modelPath, jsonPath);
        });
        return command;
    }

    private static int Run(
        FineTuningSettings settings,
        LabelledImages given,
        UnreadableFiles? unreadable,
        double validationFraction,
        string modelPath,
        string? jsonPath)
    {
        // The network says what size it wants, and the trainer resizes to it: pixels that are at hand become pictures.
        LabelledImages images = given is PixelImages pixels ? new PixelPictures(pixels) : given;
        (LabelledImages training, LabelledImages? validation) =
            validationFraction == 0 ? (images, null) : images.Divide(validationFraction, settings.Seed);
        Network features = Features(settings);
        if (settings.Epochs != 0)
        {
            TrainingMemory.Require(features, Math.Min(settings.BatchSize ?? Usual.BatchSize, training.Count), "--batch-size");
        }

        Console.Out.Write(
            $"{ProgressText.Count(images.Count, "image")}, {images.DescribeImages()}, "
            + $"{ProgressText.Count(images.ClassNames.Count, "class", "classes")}; "
            + (validation == null
                ? "all to train"
                : $"{ProgressText.Number(training.Count)} to train, {ProgressText.Number(validation.Count)} to validate")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"\n{TerminalText.Of(settings.Base.Name)} to the layer {TerminalText.Of(features.Nodes[^1].Name)}: images of {features.InputShape}, ")
            + string.Create(CultureInfo.InvariantCulture, $"features {features.OutputShape}, seed {settings.Seed}\n"));
        MLContext context = TrainingContext.Create(settings.Seed, settings.CancellationToken);
        using TrainedModel model = FineTuningPipeline.Train(context, training, validation, settings, TrainingDisplay.ForConsole());
        return TrainingOutcome.Save(context, model, training, validation, unreadable, modelPath, jsonPath);
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
