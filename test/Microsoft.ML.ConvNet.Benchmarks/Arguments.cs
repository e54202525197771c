using System.Globalization;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Benchmarks;

/// <summary>What stands behind a subcommand: names, and options with a value each.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>Parses; null, and a sentence to the error stream, where there is an option that the subcommand has not, or one without its value.</summary>
    /// <param name="command">The subcommand.</param>
    /// <param name="arguments">What stands behind it.</param>
    /// <param name="texts">The options whose value is a text.</param>
    /// <param name="counts">The options whose value is a whole number of at least 1.</param>
    public static Arguments? Parse(string command, string[] arguments, string[] texts, string[] counts)
    {
        Arguments parsed = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith('-'))
            {
                parsed._names.Add(argument);
                continue;
            }

            string? value = i + 1 < arguments.Length ? arguments[++i] : null;
            bool isText = texts.Contains(argument);
            if (value is null || (!isText && !(counts.Contains(argument) && TryCount(value, out _))))
            {
                Console.Error.WriteLine(
                    $"{command} takes {string.Join(", ", texts.Select(text => text + " TEXT").Concat(counts.Select(count => count + " NUMBER")))}. "
                    + $"Received: {argument} {value ?? "without a value"}");
                return null;
            }

            parsed._options[argument] = value;
        }

        return parsed;
    }

    /// <summary>The value of an option; null where it is not given.</summary>
    public string? Text(string option) => _options.GetValueOrDefault(option);

    /// <summary>The number of an option, or another one where it is not given.</summary>
    public int Count(string option, int otherwise) => Text(option) is { } text && TryCount(text, out int count) ? count : otherwise;

    /// <summary>The architectures that are named; null, and a sentence to the error stream, where there is none of a name.</summary>
    /// <param name="usual">Those where none is named.</param>
    public Architecture[]? Architectures(params string[] usual)
    {
        List<Architecture> architectures = [];
        foreach (string name in _names.Count > 0 ? _names : [.. usual])
        {
            if (!Architecture.TryGet(name, out Architecture? architecture))
            {
                Console.Error.WriteLine($"What is trained are architectures of the Zoo. Received: {name}");
                return null;
            }

            architectures.Add(architecture);
        }

        return [.. architectures];
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1;
}
