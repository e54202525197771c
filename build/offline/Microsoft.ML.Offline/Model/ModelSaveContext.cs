#nullable disable
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a component writes itself: one directory of a model file.</summary>
public sealed class ModelSaveContext : IDisposable
{
    private readonly IExceptionContext _context;
    private readonly RepositoryWriter.Entry _entry;
    private readonly ModelHeader _header;
    private readonly List<string> _strings = [];
    private readonly long _start;

    internal ModelSaveContext(RepositoryWriter repository, string directory, string name)
    {
        Repository = repository;
        Directory = directory;
        _context = repository.Context;
        _entry = repository.CreateEntry(directory, name);
        Writer = new BinaryWriter(_entry.Stream, Encoding.UTF8, leaveOpen: true);
        _start = _entry.Stream.Position;
        _header = ModelHeader.BeginWrite(Writer);
    }

    internal RepositoryWriter Repository { get; }

    internal string Directory { get; }

    internal BinaryWriter Writer { get; }

    internal bool InRepository => Repository is not null;

    public void Dispose()
    {
        Writer.Dispose();
        _entry.Dispose();
    }

    internal static void SaveModel<T>(RepositoryWriter repository, T value, string path)
        where T : class
    {
        if (value is ICanSaveModel model)
        {
            using var context = new ModelSaveContext(repository, path, ModelLoadContext.ModelStreamName);
            model.Save(context);
            context.Done();
        }
    }

    internal void CheckAtModel()
    {
        Writer.Flush();
        _context.Check(
            Writer.BaseStream.Position == _start + ModelHeader.Size, "A model must set its version before it writes anything else.");
    }

    internal void SetVersionInfo(VersionInfo ver) => _header.SetVersionInfo(ver);

    internal void SaveModel<T>(T value, string name)
        where T : class => SaveModel(Repository, value, string.IsNullOrEmpty(Directory) ? name : $"{Directory}/{name}");

    internal void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        _context.CheckNonEmpty(name, nameof(name));
        _context.CheckValue(action, nameof(action));
        using RepositoryWriter.Entry entry = Repository.CreateEntry(Directory, name);
        using var writer = new BinaryWriter(entry.Stream, Encoding.UTF8, leaveOpen: true);
        action(writer);
    }

    internal void SaveTextStream(string name, Action<TextWriter> action)
    {
        _context.CheckNonEmpty(name, nameof(name));
        _context.CheckValue(action, nameof(action));
        using RepositoryWriter.Entry entry = Repository.CreateEntry(Directory, name);
        using var writer = new StreamWriter(entry.Stream, leaveOpen: true);
        action(writer);
    }

    internal void SaveString(string str)
    {
        _context.CheckValue(str, nameof(str));
        Writer.Write(IdOf(str));
    }

    internal void SaveStringOrNull(string str) => Writer.Write(str is null ? -1 : IdOf(str));

    internal void SaveNonEmptyString(string str)
    {
        _context.CheckNonEmpty(str, nameof(str));
        Writer.Write(IdOf(str));
    }

    internal void Done()
    {
        _context.Check(_header.HasModelSignature, "ModelSignature not specified!");
        _header.EndWrite(Writer, _start, _strings);
    }

    private int IdOf(string text)
    {
        int id = _strings.IndexOf(text);
        if (id < 0)
        {
            id = _strings.Count;
            _strings.Add(text);
        }

        return id;
    }
}
