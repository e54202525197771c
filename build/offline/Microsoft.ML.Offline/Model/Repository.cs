#nullable disable
using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Writes a model file: a zip of named streams, of which many may be open at a time.</summary>
internal sealed class RepositoryWriter : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly string _temporary;
    private readonly HashSet<string> _names = [];
    private readonly List<(string Name, Stream Content)> _finished = [];

    public RepositoryWriter(Stream stream, IExceptionContext context)
    {
        context.CheckValue(stream, nameof(stream));
        Context = context;
        _temporary = (context as IHostEnvironmentInternal)?.TempFilePath;
        _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using Entry version = CreateEntry("TrainingInfo", "Version.txt");
        using var writer = new StreamWriter(version.Stream, leaveOpen: true);
        writer.WriteLine("5.0.1 (offline stand-in)");
    }

    public IExceptionContext Context { get; }

    public Entry CreateEntry(string directory, string name)
    {
        string path = RepositoryPath.Combine(Context, directory, name);
        Flush();
        Context.CheckParam(_names.Add(path), nameof(name), $"Duplicate entry: '{path}'");
        return new Entry(SpoolStream.Create(_temporary), content => _finished.Add((path, content)));
    }

    /// <summary>Writes what is still pending and the zip's directory.</summary>
    public void Commit()
    {
        Flush();
        _archive.Dispose();
    }

    public void Dispose()
    {
        _finished.ForEach(entry => entry.Content.Dispose());
        _finished.Clear();
        _archive.Dispose();
    }

    private void Flush()
    {
        foreach ((string name, Stream content) in _finished)
        {
            using Stream target = _archive.CreateEntry(name).Open();
            content.Position = 0;
            content.CopyTo(target);
            content.Dispose();
        }

        _finished.Clear();
    }

    /// <summary>An open stream of the file.</summary>
    internal sealed class Entry(Stream stream, Action<Stream> finished) : IDisposable
    {
        private bool _finished;

        public Stream Stream { get; } = stream;

        public void Dispose()
        {
            if (!_finished)
            {
                _finished = true;
                finished(Stream);
            }
        }
    }
}

/// <summary>Reads a model file.</summary>
internal sealed class RepositoryReader : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly string _temporary;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    public RepositoryReader(Stream stream, IExceptionContext context)
    {
        context.CheckValue(stream, nameof(stream));
        Context = context;
        _temporary = (context as IHostEnvironmentInternal)?.TempFilePath;
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (Exception e)
        {
            throw context.ExceptDecode("Failed to open a zip archive", e);
        }

        foreach (ZipArchiveEntry entry in _archive.Entries)
        {
            _entries[entry.FullName.Replace('\\', '/')] = entry;
        }
    }

    public IExceptionContext Context { get; }

    public Stream OpenEntryOrNull(string directory, string name)
    {
        if (!_entries.TryGetValue(RepositoryPath.Combine(Context, directory, name), out ZipArchiveEntry entry))
        {
            return null;
        }

        using Stream source = entry.Open();
        return SpoolStream.Copy(source, entry.Length, _temporary);
    }

    public void Dispose() => _archive.Dispose();
}

/// <summary>Names of streams inside a model file.</summary>
internal static class RepositoryPath
{
    public static string Combine(IExceptionContext context, string directory, string name)
    {
        context.CheckParam(directory is null || !directory.Contains("..", StringComparison.Ordinal), nameof(directory), "Must not contain '..'");
        context.CheckParam(!string.IsNullOrWhiteSpace(name), nameof(name), "Must not be empty");
        context.CheckParam(!name.Contains("..", StringComparison.Ordinal), nameof(name), "Must not contain '..'");
        string path = string.IsNullOrEmpty(directory) ? name : $"{directory}/{name}";
        return path.Replace('\\', '/');
    }
}
