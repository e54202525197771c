using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The options that several commands share.</summary>
internal static class CommandOptions
{
    /// <summary>Sizes of a step; beyond these a weight does not move, or is no number after the first.</summary>
    public static readonly RealRange LearningRates = new(1e-12, 1e6);

    /// <summary>The name of <see cref="Background"/>.</summary>
    public const string BackgroundName = "--background";

    /// <summary>What <see cref="Background"/> does for a model that is made.</summary>
    public const string BackgroundOfModel =
        "What the transparent pixels of image files lie on, now and whenever the model is used: white, the default, or black.";

    /// <summary>What <see cref="Background"/> does for a model that is there.</summary>
    public const string BackgroundForPixels =
        "What the transparent pixels of image files lie on, for a model trained on IDX data: white, the default, or black. Other models have their own.";

    /// <summary>What <see cref="ValidationFraction"/> is where it is not given.</summary>
    public const double DefaultValidationFraction = 0.1;

    private const int MostThreads = 1024;

    /// <summary>Demands that options are not given which would do nothing.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The options.</param>
    /// <param name="reason">Why they would do nothing, as a sentence without its full stop.</param>
    /// <exception cref="CommandException">One is given.</exception>
    public static void RequireNone(ParseResult parsed, IEnumerable<Option> options, string reason)
    {
        if (options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
        {
            string text = string.Join(' ', parsed.GetResult(given)!.Tokens.Select(token => TerminalText.Of(token.Value)).Prepend(given.Name));
            throw new CommandException($"{reason}. Received: {text}.");
        }
    }

    public static Option<string> Data(string description, bool required) =>
        new("--data") { Description = description, HelpName = "DIR", Required = required };

    /// <summary>The file that says which images of a folder belong to which part.</summary>
    public static Option<string> Split() => new(DataFolder.SplitName)
    {
        Description = "A text file that lists the images of --data to take: paths within the folder, one a line, with or without the extension, and behind a "
            + "tab or a comma train, val or test where it lists several parts.",
        HelpName = "FILE",
    };

    public static Option<string> Model(string description, bool required) =>
        new("--model") { Description = description, HelpName = "FILE", Required = required };

    public static Option<string> Json(string content) =>
        new("--json") { Description = $"Also write {content} to this file, as JSON.", HelpName = "FILE" };

    public static Option<int?> Epochs() =>
        NumberOptions.Integer("--epochs", 1, 1_000_000, "How often to go through the training images; by default what suits the architecture.");

    /// <summary>The width of an architecture.</summary>
    public static Option<double?> Width() => NumberOptions.Real(
        "--width", new RealRange(0.001, 64), "How many times as many channels as published an architecture has; by default 1.");

    public static Option<int?> Seed() => NumberOptions.Integer(
        "--seed", 0, int.MaxValue, "The same seed gives the same model, bit for bit, whatever the number of threads; by default 0.");

    public static Option<double?> ValidationFraction() => NumberOptions.Real(
        "--validation-fraction",
        new RealRange(0, 1) { IsUnderMaximum = true },
        "The share of each class that is held out to choose the best epoch and to measure the accuracy; 0 for none, by default 0.1.");

    public static Option<int?> Threads() =>
        NumberOptions.Integer("--threads", 0, MostThreads, "The most threads to use; 0, the default, for one a core.");

    /// <summary>The order of colours; <see cref="ChannelOrderOf"/> reads it.</summary>
    public static Option<string> Order(string description)
    {
        Option<string> order = new("--order") { Description = description, HelpName = "ORDER" };
        return order.AcceptOnlyFromAmong("rgb", "bgr");
    }

    /// <summary>The order of colours that an option says.</summary>
    public static ChannelOrder ChannelOrderOf(string? order) => order == "bgr" ? ChannelOrder.Bgr : ChannelOrder.Rgb;

    /// <summary>What the transparent pixels of image files lie on; <see cref="BackgroundOf"/> reads it.</summary>
    public static Option<string> Background(string description)
    {
        Option<string> background = new(BackgroundName) { Description = description, HelpName = "GROUND" };
        return background.AcceptOnlyFromAmong("white", "black");
    }

    /// <summary>The ground that an option says; null where it says none.</summary>
    public static ImageBackground? BackgroundOf(string? background) => background switch
    {
        "white" => ImageBackground.White,
        "black" => ImageBackground.Black,
        _ => null,
    };

    /// <summary>How large an image file may be; <see cref="Decoder"/> reads it.</summary>
    public static Option<int?> MaxPixels() => NumberOptions.Integer(
        "--max-pixels",
        1,
        ImageDecoder.LargestMostPixels,
        $"The most pixels that an image file may have, by its header, to be read; by default {ProgressText.Number(ImageDecoder.UsualMostPixels)}.");

    /// <summary>What reads image files, as the options have it.</summary>
    public static ImageDecoder Decoder(int? maxPixels, int threads = 0) => new()
    {
        MostPixels = maxPixels ?? ImageDecoder.UsualMostPixels,
        Threads = threads > 0 ? threads : Environment.ProcessorCount,
    };
}
