using Microsoft.ML.ConvNet.Files;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>
/// The files of the folders of a folder, and of those within them. Each folder is read once, however many links lead to it: by its own path where it
/// lies in the folder, else by the first of the links, in ordinal order. A link to a folder that has been read, or to one that the link is
/// in, is passed over. Names that begin with a dot are passed over silently.
/// </summary>
internal sealed class FolderWalk
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Queue<(Walked Folder, string Path, string Within)> _links = [];
    private readonly string _top;

    /// <summary>Walks folders.</summary>
    /// <param name="top">The folder that they are in.</param>
    /// <param name="folders">The folders, in ordinal order.</param>
    /// <exception cref="InvalidDataException">Two of them are the same, or one is a link to a folder that it is in.</exception>
    public FolderWalk(string top, IReadOnlyList<string> folders)
    {
        _top = RealPath(top) ?? Path.GetFullPath(top);
        _read.Add(_top);
        Folders = [.. folders.Select(folder => new Walked(folder))];
        string?[] real = [.. folders.Select(RealPath)];
        for (int i = 0; i < real.Length; i++)
        {
            if (real[i] is { } path && (LinkPath.IsBeneath(_top, path) || !_read.Add(path)))
            {
                int first = Array.IndexOf(real, path);
                throw new InvalidDataException(
                    $"The subfolders of \"{top}\" are folders of their own. Received: \"{Path.GetFileName(folders[first])}\""
                    + (first < i ? $" and \"{Path.GetFileName(folders[i])}\", which are the same folder." : ", a link to a folder that it is in."));
            }
        }

        for (int i = 0; i < real.Length; i++)
        {
            Read(Folders[i], folders[i], real[i]);
        }

        while (_links.TryDequeue(out (Walked Folder, string Path, string Within) link))
        {
            string? target = RealPath(link.Path);
            bool leadsBack = target is null || LinkPath.IsBeneath(link.Within, target) || LinkPath.IsBeneath(_top, target) || !_read.Add(target);
            Read(link.Folder, link.Path, leadsBack ? null : target);
        }

        foreach (Walked folder in Folders)
        {
            folder.Files.Sort(StringComparer.Ordinal);
            folder.PassedOver.Sort(StringComparer.Ordinal);
        }
    }

    /// <summary>What is in each of the folders.</summary>
    public IReadOnlyList<Walked> Folders { get; }

    /// <summary>Whether a name is one of those that are read: none that begins with a dot.</summary>
    public static bool IsListed(string path) => !Path.GetFileName(path).StartsWith('.');

    /// <summary>Reads a folder and what lies in it; links to folders are left for later, when all that have paths of their own are read.</summary>
    private void Read(Walked folder, string path, string? realPath)
    {
        if (realPath is null)
        {
            folder.PassedOver.Add(path);
            return;
        }

        Stack<(string Path, string Real)> left = new([(path, realPath)]);
        while (left.TryPop(out (string Path, string Real) next))
        {
            folder.Files.AddRange(Directory.EnumerateFiles(next.Path).Where(IsListed));
            foreach (string inner in Directory.EnumerateDirectories(next.Path).Where(IsListed).Order(StringComparer.Ordinal))
            {
                string real = Path.Combine(next.Real, Path.GetFileName(inner));
                if (new DirectoryInfo(inner).LinkTarget is not null)
                {
                    _links.Enqueue((folder, inner, next.Real));
                }
                else if (_read.Add(real))
                {
                    left.Push((inner, real));
                }
                else
                {
                    folder.PassedOver.Add(inner);
                }
            }
        }
    }

    private static string? RealPath(string folder)
    {
        try
        {
            return LinkPath.Resolved(folder);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What is in one of the folders.</summary>
    /// <param name="Path">The path of the folder.</param>
    internal sealed record Walked(string Path)
    {
        /// <summary>The paths of its files, in ordinal order.</summary>
        public List<string> Files { get; } = [];

        /// <summary>The paths of the folders in it that are read elsewhere, in ordinal order.</summary>
        public List<string> PassedOver { get; } = [];
    }
}
