using System.Runtime.CompilerServices;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Data;

/// <summary>
/// Real data for tests: the folder that the environment variable CONVNET_TESTDATA names, or shared/data beside the repository. A test
/// that needs what is not there is inconclusive.
/// </summary>
internal static class TestData
{
    /// <summary>The path of a folder of the data.</summary>
    public static string Folder(string name)
    {
        string root = Environment.GetEnvironmentVariable("CONVNET_TESTDATA") ?? BesideRepository();
        string path = Path.Combine(root, name);
        if (!Directory.Exists(path))
        {
            Assert.Inconclusive($"There is no folder \"{path}\"; set CONVNET_TESTDATA to the folder of the data.");
        }

        return path;
    }

    private static string BesideRepository([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "..", "shared", "data"));
}
