using System.Diagnostics;
using System.Reflection;
using System.Xml.Linq;

namespace Microsoft.ML.ConvNet.Core.Tests.Tiers;

/// <summary>What tests of this assembly gave that ran in a process of their own.</summary>
/// <param name="PassedNames">The tests that passed, each with its class.</param>
/// <param name="Failures">Those that did not, each with its message.</param>
internal sealed record TestRunResults(IReadOnlyList<string> PassedNames, IReadOnlyList<string> Failures)
{
    /// <summary>The number of tests that passed.</summary>
    public int Passed => PassedNames.Count;

    /// <summary>Runs the tests that a filter selects, with environment variables set.</summary>
    public static TestRunResults Run(string folder, string filter, IReadOnlyDictionary<string, string> environment, TimeSpan patience)
    {
        const string Log = "results.trx";
        ProcessStartInfo start = new(DotNet())
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (string argument in (string[])
        [
            "exec", Assembly.GetExecutingAssembly().Location, "--filter", filter,
            "--report-trx", "--report-trx-filename", Log, "--results-directory", folder,
        ])
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The tests took more than {patience}.");
        }

        string results = Path.Combine(folder, Log);
        if (!File.Exists(results))
        {
            Assert.Fail($"The tests left no results (exit code {process.ExitCode}):\n{output.Result}\n{errors.Result}");
        }

        return Parse(XDocument.Load(results));
    }

    private static TestRunResults Parse(XDocument results)
    {
        Dictionary<string, string> classes = results.Descendants()
            .Where(element => element.Name.LocalName == "UnitTest")
            .ToDictionary(
                test => test.Attribute("id")!.Value,
                test => test.Elements().First(element => element.Name.LocalName == "TestMethod").Attribute("className")!.Value);
        List<string> passed = [];
        List<string> failures = [];
        foreach (XElement result in results.Descendants().Where(element => element.Name.LocalName == "UnitTestResult"))
        {
            string name = $"{classes[result.Attribute("testId")!.Value]}.{result.Attribute("testName")!.Value}";
            string outcome = result.Attribute("outcome")!.Value;
            if (outcome == "Passed")
            {
                passed.Add(name);
            }
            else if (outcome != "NotExecuted")
            {
                string? message = result.Descendants().FirstOrDefault(element => element.Name.LocalName == "Message")?.Value;
                failures.Add($"{name}: {outcome}: {message}");
            }
        }

        return new TestRunResults(passed, failures);
    }

    private static string DotNet()
    {
        string? path = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Environment.ProcessPath;
        return Path.GetFileNameWithoutExtension(path) == "dotnet" ? path! : "dotnet";
    }
}
