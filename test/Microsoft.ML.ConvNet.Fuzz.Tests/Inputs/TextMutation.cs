using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;

/// <summary>Changes of text that keep its words whole: numbers become others, words are left out, doubled, exchanged.</summary>
internal static partial class TextMutation
{
    private const int MostChanges = 4;

    /// <summary>A changed copy.</summary>
    public static string Change(string text, Random random)
    {
        List<string> words = [.. Words().Matches(text).Select(match => match.Value)];
        int changes = 1 + random.Next(MostChanges);
        for (int i = 0; i < changes && words.Count > 0; i++)
        {
            ChangeOnce(words, random);
        }

        return string.Concat(words);
    }

    private static void ChangeOnce(List<string> words, Random random)
    {
        int at = random.Next(words.Count);
        int other = random.Next(words.Count);
        switch (random.Next(6))
        {
            case 0:
                words.RemoveAt(at);
                break;
            case 1:
                words.Insert(at, words[other]);
                break;
            case 2:
                (words[at], words[other]) = (words[other], words[at]);
                break;
            case 3:
                words[at] = Odd(random);
                break;
            default:
                int[] numbers = [.. Enumerable.Range(0, words.Count).Where(i => char.IsAsciiDigit(words[i][0]))];
                if (numbers.Length > 0)
                {
                    words[numbers[random.Next(numbers.Length)]] = OddNumber(random);
                }

                break;
        }
    }

    private static string Odd(Random random) => random.Next(8) switch
    {
        0 => "null",
        1 => "true",
        2 => "[",
        3 => "}",
        4 => "\"\"",
        5 => "\"\\u0000\\ud800\"",
        6 => "{\"a\":1}",
        _ => OddNumber(random),
    };

    private static string OddNumber(Random random) => random.Next(4) switch
    {
        0 => random.Next(-3, 10).ToString(CultureInfo.InvariantCulture),
        1 => Mutation.EdgeNumber(random).ToString(CultureInfo.InvariantCulture),
        2 => (random.NextDouble() * Math.Pow(10, random.Next(-50, 50))).ToString("R", CultureInfo.InvariantCulture),
        _ => random.Next(2) == 0 ? "1e999" : "-0.0",
    };

    [GeneratedRegex("""[A-Za-z_]+|[0-9]+(\.[0-9]+)?|\s+|.""", RegexOptions.Singleline)]
    private static partial Regex Words();
}
