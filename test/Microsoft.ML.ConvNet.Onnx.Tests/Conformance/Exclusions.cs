namespace Microsoft.ML.ConvNet.Onnx.Tests.Conformance;

/// <summary>The test cases that are not expected to pass, each with a reason of a short list.</summary>
internal static class Exclusions
{
    /// <summary>The reasons for which a case may be excluded.</summary>
    public static IReadOnlyList<string> Reasons { get; } =
        ["3-D spatial", "integer types", "bfloat16 types", "float64 types", "sequences and optionals", "training"];

    /// <summary>The reason by the full name of a case, as the file beside the test says.</summary>
    public static SortedDictionary<string, string> Read()
    {
        SortedDictionary<string, string> exclusions = new(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Conformance", "Exclusions.txt")).Where(
            line => !line.StartsWith('#')))
        {
            string[] parts = line.Split('\t');
            exclusions.Add(parts[0], parts[1]);
        }

        return exclusions;
    }
}
