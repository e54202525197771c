using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Format;

/// <summary>Where a path leads when the links in it are followed, those of its folders included.</summary>
internal static class LinkPath
{
    /// <summary>As many as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <summary>The path without links. What is not there is no link.</summary>
    /// <exception cref="ModelFormatException">There are too many links, perhaps in a circle.</exception>
    public static string Resolved(string path)
    {
        string full = Path.GetFullPath(path);
        string resolved = Path.GetPathRoot(full)!;
        Stack<string> left = new(Parts(full[resolved.Length..]));
        int links = 0;
        while (left.TryPop(out string? part))
        {
            if (part == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? resolved;
                continue;
            }

            string next = Path.Combine(resolved, part);
            if (part == "." || new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = part == "." ? resolved : next;
                continue;
            }

            ModelFormatException.Require(
                ++links <= MostLinks,
                FormattableString.Invariant($"A path goes through at most {MostLinks} links. Received: more in {OnnxText.Quoted(path)}."));
            string root = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : string.Empty;
            resolved = root.Length > 0 ? root : resolved;
            foreach (string step in Parts(target[root.Length..]))
            {
                left.Push(step);
            }
        }

        return resolved;
    }

    /// <summary>Whether a path is in a folder, or in one within it.</summary>
    public static bool IsBeneath(string path, string folder) => path.StartsWith(
        folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The names in a path, the last one first.</summary>
    private static IEnumerable<string> Parts(string path) =>
        Enumerable.Reverse(path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries));
}
