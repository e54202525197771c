using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Core.Tests.Data;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Conformance;

/// <summary>Runs the test cases of ONNX's backend suite, and holds the page that lists them to what they give.</summary>
[TestClass]
public sealed class ConformanceTests
{
    /// <summary>A run that finds fewer cases, or passes fewer, has not tested what it should.</summary>
    private const int LeastPassed = 340;

    [TestMethod]
    public void Every_test_case_of_ONNX_passes_or_is_excluded_for_a_reason_and_the_page_says_so()
    {
        IReadOnlyList<ConformanceCase> cases = ConformanceCase.All(TestData.Folder("onnx"));
        SortedDictionary<string, string> exclusions = Exclusions.Read();
        List<string> passed = [];
        List<string> wrong = [];
        foreach (ConformanceCase item in cases)
        {
            string? failure = item.Failure();
            bool isExcluded = exclusions.ContainsKey(item.FullName);
            if (failure is null)
            {
                passed.Add(item.FullName);
            }

            if ((failure is null) == isExcluded)
            {
                wrong.Add($"{item.FullName}: {failure ?? "passes, and is excluded"}");
            }
        }

        wrong.AddRange(exclusions.Keys.Except(cases.Select(item => item.FullName)).Select(
            name => $"{name}: is excluded, and there is no such case"));
        wrong.AddRange(exclusions.Where(exclusion => !Exclusions.Reasons.Contains(exclusion.Value)).Select(
            exclusion => $"{exclusion.Key}: \"{exclusion.Value}\" is no reason"));
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
        Assert.IsGreaterThanOrEqualTo(LeastPassed, passed.Count);
        ComparePage(ConformanceReport.Of(passed, exclusions));
    }

    private static void ComparePage(string report)
    {
        string page = Page();
        if (Environment.GetEnvironmentVariable("CONVNET_WRITE_REPORT") == "1")
        {
            File.WriteAllText(page, report);
        }

        Assert.IsTrue(File.Exists(page), $"There is no page \"{page}\"; CONVNET_WRITE_REPORT=1 writes it.");
        Assert.AreEqual(report, File.ReadAllText(page).ReplaceLineEndings("\n"),
            "The page is out of date; CONVNET_WRITE_REPORT=1 writes it.");
    }

    private static string Page([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs", "ONNX-CONFORMANCE.md"));
}
