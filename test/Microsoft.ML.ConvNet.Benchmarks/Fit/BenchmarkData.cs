using System.Runtime.CompilerServices;

namespace Microsoft.ML.ConvNet.Benchmarks.Fit;

/// <summary>Real data: the folder that the environment variable CONVNET_TESTDATA names, or shared/data beside the repository.</summary>
internal static class BenchmarkData
{
    /// <summary>The path of a folder of the data; null, and a sentence to the error stream, where it is not there.</summary>
    public static string? Folder(string name)
    {
        string path = Path.Combine(Environment.GetEnvironmentVariable("CONVNET_TESTDATA") ?? BesideRepository(), name);
        if (Directory.Exists(path))
        {
            return path;
        }

        Console.Error.WriteLine($"There is no folder \"{path}\"; set CONVNET_TESTDATA to the folder of the data.");
        return null;
    }

    private static string BesideRepository([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "..", "shared", "data"));
}
