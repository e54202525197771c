using System.Runtime.CompilerServices;

namespace Microsoft.ML.ConvNet.Core.Tests.Floors;

/// <summary>Where the sources lie that this assembly was built from.</summary>
internal static class SourceTree
{
    private const string Core = "src/Microsoft.ML.ConvNet.Core";

    /// <summary>The folder of the core's project, or null where the sources are not at hand.</summary>
    public static string? CoreFolder() => Above(ThisFile()) ?? Above(AppContext.BaseDirectory);

    private static string? Above(string path)
    {
        for (DirectoryInfo? folder = new(path); folder != null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, Core);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
