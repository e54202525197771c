using System.CommandLine;
using System.Globalization;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The options that several commands share, and numbers as options.</summary>
internal static class CommandOptions
{
    private const int MostThreads = 1024;

    public static Option<string> Data(string description, bool required) =>
        new("--data") { Description = description, HelpName = "DIR", Required = required };

    public static Option<string> Model(string description, bool required) =>
        new("--model") { Description = description, HelpName = "FILE", Required = required };

    public static Option<string> Json(string content) =>
        new("--json") { Description = $"Also write {content} to this file, as JSON.", HelpName = "FILE" };

    public static Option<int?> Epochs() =>
        Integer("--epochs", 1, 1_000_000, "How often to go through the training images; by default what suits the architecture.");

    public static Option<int?> Threads() =>
        Integer("--threads", 0, MostThreads, "The most threads to use; 0, the default, for one a core.");

    /// <summary>A whole number within bounds.</summary>
    public static Option<int?> Integer(string name, int minimum, int maximum, string description) =>
        Number<int>(
            name,
            string.Create(CultureInfo.InvariantCulture, $"is a whole number from {minimum} to {maximum}"),
            value => value >= minimum && value <= maximum,
            description);

    /// <summary>A number on which there is a condition.</summary>
    /// <param name="name">The option, with its hyphens.</param>
    /// <param name="wanted">The condition as the rest of a sentence that begins with the option.</param>
    /// <param name="isAllowed">The condition; NaN and infinities never get here.</param>
    /// <param name="description">The help text.</param>
    public static Option<double?> Real(string name, string wanted, Func<double, bool> isAllowed, string description) =>
        Number<double>(name, wanted, value => double.IsFinite(value) && isAllowed(value), description);

    private static Option<T?> Number<T>(string name, string wanted, Func<T, bool> isAllowed, string description)
        where T : struct, ISpanParsable<T> => new(name)
        {
            Description = description,
            HelpName = "N",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (T.TryParse(text, CultureInfo.InvariantCulture, out T value) && isAllowed(value))
                {
                    return value;
                }

                result.AddError($"{name} {wanted}. Received: {text}.");
                return null;
            },
        };
}
