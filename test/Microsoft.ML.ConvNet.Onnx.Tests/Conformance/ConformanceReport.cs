using System.Globalization;
using System.Text;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Conformance;

/// <summary>Writes what of ONNX's test cases passes, as a page.</summary>
internal static class ConformanceReport
{
    /// <summary>The page.</summary>
    /// <param name="passed">The full names of the cases that pass.</param>
    /// <param name="exclusions">The reason by the full name of each of the others.</param>
    public static string Of(IReadOnlyCollection<string> passed, IReadOnlyDictionary<string, string> exclusions)
    {
        StringBuilder text = new();
        text.Append("# Conformance with ONNX\n\n");
        text.Append("Test cases of ONNX's backend suite for convolutional networks, opsets 6 to 28: the operators (`node`) and modules converted from\n");
        text.Append("PyTorch (`pytorch-converted`). Each is imported and run in the planned engine, and every output compared at a relative tolerance of\n");
        text.Append("1e-3 and an absolute one of 1e-5. `ConformanceTests` in `test/Microsoft.ML.ConvNet.Onnx.Tests` runs them and holds this page up to\n");
        text.Append("date; with `CONVNET_WRITE_REPORT=1` in the environment it writes the page.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{passed.Count} of {passed.Count + exclusions.Count} cases pass.\n\n");
        text.Append("| | cases |\n|---|---:|\n");
        text.Append(CultureInfo.InvariantCulture, $"| passed | {passed.Count} |\n");
        foreach (string reason in Exclusions.Reasons)
        {
            text.Append(CultureInfo.InvariantCulture, $"| excluded: {reason} | {exclusions.Values.Count(other => other == reason)} |\n");
        }

        text.Append("\nThe cases of losses with integer targets (`sce`, `nllloss`, and their expansions into other operators) stand under training.\n");
        foreach (string reason in Exclusions.Reasons)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## Excluded: {reason}\n\n");
            Append(text, exclusions.Where(exclusion => exclusion.Value == reason).Select(exclusion => exclusion.Key));
        }

        text.Append("\n## Passed\n\n");
        Append(text, passed);
        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> names)
    {
        foreach (IGrouping<string,
            string> group in names.GroupBy(name => name.Split('/')[0], StringComparer.Ordinal).OrderBy(group => group.Key,
                StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{group.Key}:\n");
            foreach (string name in group.Order(StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"`{name.Split('/')[1]["test_".Length..]}`\n");
            }

            text.Append('\n');
        }

        text.Length -= 1;
    }
}
