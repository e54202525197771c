using System.Globalization;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>Names of classes that are told apart by them, which those of models and of files of labels need not be.</summary>
internal static class DistinctNames
{
    /// <summary>The names; of those that stand there more than once, the later ones with their number behind them.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> names)
    {
        HashSet<string> taken = new(names, StringComparer.Ordinal);
        HashSet<string> given = new(StringComparer.Ordinal);
        return [.. names.Select((name, number) => given.Add(name) ? name : Numbered(name, number, taken))];
    }

    private static string Numbered(string name, int number, HashSet<string> taken)
    {
        string distinct = name;
        do
        {
            distinct = string.Create(CultureInfo.InvariantCulture, $"{distinct} ({number})");
        }
        while (!taken.Add(distinct));
        return distinct;
    }
}
