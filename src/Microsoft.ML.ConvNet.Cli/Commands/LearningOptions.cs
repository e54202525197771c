using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Reports;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The options that every command has that trains a network on images: what with, how, and where to.</summary>
internal sealed class LearningOptions
{
    private const int LargestSize = 4096;

    private readonly Option<string> _data = CommandOptions.Data($"What to train with: {DataFolder.Kinds}.", required: true);
    private readonly Option<string> _split = CommandOptions.Split();
    private readonly Option<int?> _epochs;
    private readonly Option<int?> _batchSize;
    private readonly Option<double?> _learningRate;
    private readonly Option<int?> _imageSize;
    private readonly Option<string> _frozen = new("--frozen-layers")
    {
        Description = "Layers whose weights stay as they are, with commas between them; * stands for any characters of a name, ? for one; convnet summary "
            + "names the layers.",
        HelpName = "A,B,C",
    };

    private readonly Option<string> _classWeights = new("--class-weights")
    {
        Description = "What the images of each class count: balanced, so that all classes count alike, however many images each has; by default "
            + "every image counts once. The loss is the mean weighted by them.",
        HelpName = "WEIGHTS",
    };

    private readonly Option<int?> _seed = CommandOptions.Seed();
    private readonly Option<double?> _validationFraction = CommandOptions.ValidationFraction();
    private readonly Option<int?> _threads = CommandOptions.Threads();
    private readonly Option<int?> _maxPixels = CommandOptions.MaxPixels();
    private readonly Option<string> _model;
    private readonly Option<string> _json = CommandOptions.Json("accuracy, log-loss, speed, epochs and confusion matrix");
    private readonly ReadingOptions _reading = new();
    private readonly OptimizationOptions _optimization = new();
    private readonly AugmentationOptions _augmentation = new();
    private readonly CallbackOptions _callbacks = new();
    private readonly CheckpointOptions _checkpoints = new();

    /// <summary>Makes them.</summary>
    /// <param name="epochs">How often to go through the images.</param>
    /// <param name="batchSizeDefault">What a batch is by default, for people.</param>
    /// <param name="learningRate">What the learning rate is, and is by default, for people.</param>
    /// <param name="imageSize">What the size of the images does, for people.</param>
    /// <param name="model">Where to save the model.</param>
    public LearningOptions(Option<int?> epochs, string batchSizeDefault, string learningRate, string imageSize, Option<string> model)
    {
        _epochs = epochs;
        _batchSize = NumberOptions.Integer("--batch-size", 1, 1_000_000, $"How many images make a step; by default {batchSizeDefault}.");
        _learningRate = NumberOptions.Real("--learning-rate", CommandOptions.LearningRates, learningRate);
        _imageSize = NumberOptions.Integer("--image-size", 1, LargestSize, imageSize);
        _model = model;
        _ = _classWeights.AcceptOnlyFromAmong("balanced");
    }

    /// <summary>The options of a whole training, which do nothing where no more than some steps of it are made.</summary>
    public IEnumerable<Option> OfWholeTrainings => [_epochs, _learningRate, _json, .. _optimization.OfWholeTrainings, .. _callbacks.All, .. _checkpoints.All];

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="own">Those that it has beside these: which network.</param>
    public void AddTo(System.CommandLine.Command command, params ReadOnlySpan<Option> own)
    {
        foreach (Option option in (Option[])
        [
            _data, _split, .. own, _epochs, _batchSize, _learningRate, _imageSize, _frozen, _classWeights, _seed, _validationFraction, _threads, _maxPixels, _model, _json,
        ])
        {
            command.Add(option);
        }

        _optimization.AddTo(command);
        _callbacks.AddTo(command);
        _reading.AddTo(command);
        _checkpoints.AddTo(command);
        _augmentation.AddTo(command);
    }

    /// <summary>What they say of learning.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="interruption">Stops the training.</param>
    /// <exception cref="CommandException">Two of them contradict one another, or a file cannot be written.</exception>
    public LearningSettings Settings(ParseResult parsed, Interruption interruption)
    {
        LearningSettings settings = new()
        {
            Epochs = parsed.GetValue(_epochs),
            BatchSize = parsed.GetValue(_batchSize),
            LearningRate = parsed.GetValue(_learningRate),
            ImageSize = parsed.GetValue(_imageSize),
            FrozenLayers = parsed.GetValue(_frozen)?.Split(',', StringSplitOptions.TrimEntries) ?? [],
            BalancesClasses = parsed.GetValue(_classWeights) != null,
            Augmentation = _augmentation.Of(parsed),
            Callbacks = _callbacks.Of(parsed),
            Seed = parsed.GetValue(_seed) ?? 0,
            NumberOfThreads = parsed.GetValue(_threads) ?? 0,
            CacheBudget = _reading.Budget(parsed),
            CancellationToken = interruption.Token,
        };
        return _checkpoints.AddTo(_optimization.AddTo(settings, parsed), parsed);
    }

    /// <summary>Opens the images, and divides them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="asPictures">Whether pixels that are at hand become pictures, which are resized as files are.</param>
    /// <exception cref="CommandException">There are none, or not enough.</exception>
    public TrainingImages Images(ParseResult parsed, bool asPictures)
    {
        UnreadableFiles? unreadable = _reading.Unreadable(parsed);
        LabelledImages images = ReadingOptions.Without(
            DataFolder.OpenForTraining(
                parsed.GetRequiredValue(_data), CommandOptions.Decoder(parsed.GetValue(_maxPixels), parsed.GetValue(_threads) ?? 0), parsed.GetValue(_split)),
            unreadable);
        images = asPictures && images is PixelImages pixels ? new PixelPictures(pixels) : images;
        double fraction = parsed.GetValue(_validationFraction) ?? CommandOptions.DefaultValidationFraction;
        (LabelledImages training, LabelledImages? validation) = fraction == 0 ? (images, null) : images.Divide(fraction, parsed.GetValue(_seed) ?? 0);
        return new TrainingImages(images, training, validation, unreadable);
    }

    /// <summary>What the images are in, for people.</summary>
    public string DescribeData(ParseResult parsed) => DataFolder.Describe(parsed.GetRequiredValue(_data));

    /// <summary>Where the model is saved; null for nowhere.</summary>
    /// <exception cref="CommandException">It cannot be written there.</exception>
    public string? ModelPath(ParseResult parsed) => Writable(parsed, _model);

    /// <summary>Where the report is written; null for nowhere.</summary>
    /// <exception cref="CommandException">It cannot be written there.</exception>
    public string? JsonPath(ParseResult parsed) => Writable(parsed, _json);

    private static string? Writable(ParseResult parsed, Option<string> option)
    {
        string? path = parsed.GetValue(option);
        OutputFile.RequireWritable(path, option.Name);
        return path;
    }
}
