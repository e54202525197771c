namespace Microsoft.ML.ConvNet.Files;

/// <summary>Where a path leads when the links in it are followed, those of its folders included.</summary>
public static class LinkPath
{
    /// <summary>As many as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <summary>The path without links. What is not there is no link.</summary>
    /// <param name="path">The path.</param>
    /// <param name="isEnd">Whether a path is one whose links are not followed; all are where not given.</param>
    /// <exception cref="IOException">There are more than 40 links, perhaps in a circle.</exception>
    public static string Resolved(string path, Func<string, bool>? isEnd = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
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
            string whole = Path.Combine([next, .. left]);
            if (isEnd?.Invoke(whole) == true)
            {
                return whole;
            }

            if (part == "." || new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = part == "." ? resolved : next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException(
                    FormattableString.Invariant($"Symbolic links lead to a file. Received: \"{path}\", which leads through more than {MostLinks} links."));
            }

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
    /// <param name="path">A full path.</param>
    /// <param name="folder">The full path of the folder.</param>
    public static bool IsBeneath(string path, string folder) => path.StartsWith(
        folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The names in a path, the last one first.</summary>
    private static IEnumerable<string> Parts(string path) =>
        Enumerable.Reverse(path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries));
}
