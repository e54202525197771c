using System.Globalization;

namespace Microsoft.ML.ConvNet.Schema;

/// <summary>Names as a message lists them: the first few, and how many there are in all.</summary>
internal static class NameList
{
    private const int Shown = 12;
    private const int Length = 60;

    /// <summary>The names, of which long ones are cut.</summary>
    public static string Of(IEnumerable<string> names)
    {
        string[] all = [.. names];
        string listed = string.Join(", ", all.Take(Shown).Select(Short));
        return all.Length > Shown ? string.Create(CultureInfo.InvariantCulture, $"{listed}, ... ({all.Length} in all)") : listed;
    }

    private static string Short(string name) => name.Length > Length ? $"{name[..Length]}..." : name;
}
