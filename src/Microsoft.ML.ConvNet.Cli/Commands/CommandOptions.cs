using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The options that several commands share.</summary>
internal static class CommandOptions
{
    /// <summary>Sizes of a step; beyond these a weight does not move, or is no number after the first.</summary>
    public static readonly RealRange LearningRates = new(1e-12, 1e6);

    private const int MostThreads = 1024;

    public static Option<string> Data(string description, bool required) =>
        new("--data") { Description = description, HelpName = "DIR", Required = required };

    public static Option<string> Model(string description, bool required) =>
        new("--model") { Description = description, HelpName = "FILE", Required = required };

    public static Option<string> Json(string content) =>
        new("--json") { Description = $"Also write {content} to this file, as JSON.", HelpName = "FILE" };

    public static Option<int?> Epochs() =>
        NumberOptions.Integer("--epochs", 1, 1_000_000, "How often to go through the training images; by default what suits the architecture.");

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
