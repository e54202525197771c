using System.CommandLine;

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
}
