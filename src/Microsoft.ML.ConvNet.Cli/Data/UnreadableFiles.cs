using Microsoft.ML.ConvNet.Cli.Display;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>The files that cannot be read and are left out, each once, however often the images are gone through.</summary>
internal sealed class UnreadableFiles
{
    private readonly object _lock = new();
    private readonly List<string> _paths = [];
    private readonly Dictionary<string, string> _errors = new(StringComparer.Ordinal);

    /// <summary>The paths, in the order in which they were met.</summary>
    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_lock)
            {
                return [.. _paths];
            }
        }
    }

    /// <summary>Notes a file.</summary>
    public void Add(string path, CommandException error)
    {
        lock (_lock)
        {
            if (_errors.TryAdd(path, ErrorLine.Of(error)))
            {
                _paths.Add(path);
            }
        }
    }

    /// <summary>How many there are, the first of them, and what is wrong with the very first; null where there are none.</summary>
    public string? Describe()
    {
        IReadOnlyList<string> paths = Paths;
        return paths.Count == 0
            ? null
            : $"left out {ProgressText.Count(paths.Count, "file")} that cannot be read: {NameList.Of(paths)}. {_errors[paths[0]]}";
    }
}
