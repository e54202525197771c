using System.Globalization;

namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>Names of classes of which some stand twice, such as the two cranes of ImageNet, a bird and a machine.</summary>
internal static class DistinctNames
{
    /// <summary>The names, a later one of two that are alike with its number: "crane (517)".</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> names)
    {
        HashSet<string> taken = new(names, StringComparer.Ordinal);
        HashSet<string> given = new(StringComparer.Ordinal);
        return [.. names.Select((name, number) => given.Add(name) ? name : Numbered(name, number, taken))];
    }

    private static string Numbered(string name, int number, HashSet<string> taken)
    {
        string numbered = string.Create(CultureInfo.InvariantCulture, $"{name} ({number})");
        while (!taken.Add(numbered))
        {
            numbered = string.Create(CultureInfo.InvariantCulture, $"{numbered} ({number})");
        }

        return numbered;
    }
}
