namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>Lists of names within a sentence.</summary>
internal static class NameList
{
    private const int Most = 10;

    /// <summary>The names with commas between them; of many only the first, and how many more there are.</summary>
    public static string Of(IReadOnlyCollection<string> names)
    {
        string shown = string.Join(", ", names.Take(Most).Select(TerminalText.Of));
        return names.Count > Most ? $"{shown} and {ProgressText.Number(names.Count - Most)} more" : shown;
    }
}
