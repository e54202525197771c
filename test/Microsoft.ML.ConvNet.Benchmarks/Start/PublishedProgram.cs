using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.ConvNet.Benchmarks.Start;

/// <summary>The program that loads a model and predicts once, published in one form.</summary>
/// <param name="folder">Where it is.</param>
internal sealed class PublishedProgram(string folder)
{
    private readonly string _file = Path.Combine(folder, OperatingSystem.IsWindows() ? "published.exe" : "published");

    /// <summary>Publishes it; null where that fails, after what the SDK says of it.</summary>
    public static PublishedProgram? Publish(string folder, string[] options)
    {
        string project = Path.Combine(RepositoryRoot(), "test", "Microsoft.ML.ConvNet.Core.Published");
        string[] arguments =
        [
            "publish", project, "-c", "Release", "-v", "quiet", "-p:RunAnalyzers=false", "-p:ArtifactsPath=" + folder + ".artifacts/",
            "-o", folder, .. options,
        ];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments))!;
        process.WaitForExit();
        return process.ExitCode == 0 ? new PublishedProgram(folder) : null;
    }

    /// <summary>Starts it, and waits for what it says of its first prediction.</summary>
    public FirstPrediction Predict(string model)
    {
        ProcessStartInfo start = new(_file, ["predict", model]) { RedirectStandardOutput = true };
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        string? line = process.StandardOutput.ReadLine();
        double milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        process.WaitForExit();
        return line?.Split(' ') is [string methods, string jit, string hash] && process.ExitCode == 0
            ? new FirstPrediction(
                milliseconds, int.Parse(methods, CultureInfo.InvariantCulture), double.Parse(jit, CultureInfo.InvariantCulture), hash)
            : throw new InvalidOperationException($"{_file} says what it has done. Received: {line}, exit code {process.ExitCode}.");
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder != null && !File.Exists(Path.Combine(folder, "Microsoft.ML.ConvNet.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The benchmark of the start is run from the clone, whose program it publishes.");
    }
}
