#nullable disable
namespace Microsoft.ML.Data;

/// <summary>Files to read, opened one by one.</summary>
public interface IMultiStreamSource
{
    int Count { get; }

    string GetPathOrNull(int index);

    Stream Open(int index);

    TextReader OpenTextReader(int index);
}

/// <summary>Files by path; wildcards in file names are expanded, and '+' joins several paths.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths) =>
        _paths = paths is null || (paths.Length == 1 && paths[0] is null) ? [] : Expand(paths);

    public int Count => _paths.Length;

    public string GetPathOrNull(int index) => _paths[index];

    public Stream Open(int index)
    {
        string path = _paths[index];
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e)
        {
            throw new IOException($"Could not open file '{path}'. Error is: {e.Message}", e);
        }
    }

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    private static string[] Expand(string[] paths)
    {
        string[] expanded = [.. paths.SelectMany(path => path.Split('+')).Select(path => path.Trim()).SelectMany(Matches)];
        return expanded.Length > 0 ? expanded : paths;
    }

    private static IEnumerable<string> Matches(string path)
    {
        string name = Path.GetFileName(path);
        if (!name.Contains('*', StringComparison.Ordinal) && !name.Contains('?', StringComparison.Ordinal))
        {
            return [path];
        }

        string directory = Path.GetDirectoryName(path);
        directory = string.IsNullOrEmpty(directory) ? "." : directory;
        return Directory.Exists(directory) ? Directory.EnumerateFiles(directory, name).Order(StringComparer.OrdinalIgnoreCase) : [];
    }
}
