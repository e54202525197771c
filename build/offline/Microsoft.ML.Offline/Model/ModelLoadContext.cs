#nullable disable
using System.Reflection;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a component reads itself: one directory of a model file.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    public const string ModelStreamName = "Model.key";

    private readonly IExceptionContext _context;
    private readonly ModelHeader _header;
    private readonly long _start;

    private ModelLoadContext(RepositoryReader repository, Stream stream, string directory)
    {
        Repository = repository;
        Directory = directory;
        _context = repository.Context;
        Reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        _start = stream.Position;
        _header = ModelHeader.BeginRead(Reader, _context);
    }

    public RepositoryReader Repository { get; }

    public string Directory { get; }

    public BinaryReader Reader { get; }

    public bool InRepository => Repository is not null;

    public string LoaderAssemblyName => _header.LoaderAssemblyName;

    public static bool LoadModelOrNull<TRes, TSig>(
        IHostEnvironment env, out TRes result, RepositoryReader repository, string directory, params object[] extra)
        where TRes : class
    {
        using Stream stream = repository.OpenEntryOrNull(directory, ModelStreamName);
        if (stream is null)
        {
            result = null;
            return false;
        }

        using var context = new ModelLoadContext(repository, stream, directory);
        result = context.Create<TSig>(env, extra) as TRes
            ?? throw env.ExceptDecode($"Couldn't load model: '{directory}'");
        context.Done();
        return true;
    }

    public static void LoadModel<TRes, TSig>(
        IHostEnvironment env, out TRes result, RepositoryReader repository, string directory, params object[] extra)
        where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out result, repository, directory, extra))
        {
            throw env.ExceptDecode("Corrupt model file");
        }
    }

    public bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra)
        where TRes : class => LoadModelOrNull<TRes, TSig>(env, out result, Repository, Under(name), extra);

    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra)
        where TRes : class => LoadModel<TRes, TSig>(env, out result, Repository, Under(name), extra);

    public bool ContainsModel(string name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return false;
        }

        using Stream stream = Repository.OpenEntryOrNull(Under(name), ModelStreamName);
        return stream is not null;
    }

    public void CheckAtModel() => _context.Check(
        Reader.BaseStream.Position == _start + ModelHeader.Size, "A model must check its version before it reads anything else.");

    public void CheckAtModel(VersionInfo ver)
    {
        CheckAtModel();
        CheckVersionInfo(ver);
    }

    public void CheckVersionInfo(VersionInfo ver) => _header.CheckVersionInfo(ver, _context);

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        _context.CheckNonEmpty(name, nameof(name));
        _context.CheckValue(action, nameof(action));
        using Stream stream = Repository.OpenEntryOrNull(Directory, name);
        if (stream is null)
        {
            return false;
        }

        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        action(reader);
        return true;
    }

    public bool TryLoadTextStream(string name, Action<TextReader> action)
    {
        _context.CheckNonEmpty(name, nameof(name));
        _context.CheckValue(action, nameof(action));
        using Stream stream = Repository.OpenEntryOrNull(Directory, name);
        if (stream is null)
        {
            return false;
        }

        using var reader = new StreamReader(stream);
        action(reader);
        return true;
    }

    public string LoadString() => StringOf(Reader.ReadInt32());

    public string LoadStringOrNull()
    {
        int id = Reader.ReadInt32();
        return id == -1 ? null : StringOf(id);
    }

    public string LoadNonEmptyString()
    {
        string text = LoadString();
        _context.CheckDecode(text.Length > 0, "Corrupt model file: a name is empty");
        return text;
    }

    public void Dispose() => Reader.Dispose();

    private object Create<TSig>(IHostEnvironment env, object[] extra)
    {
        if (!string.IsNullOrEmpty(LoaderAssemblyName))
        {
            env.ComponentCatalog.RegisterAssembly(Assembly.Load(LoaderAssemblyName));
        }

        foreach (string signature in new[] { _header.LoaderSignature, _header.LoaderSignatureAlt })
        {
            object created = string.IsNullOrWhiteSpace(signature)
                ? null
                : env.ComponentCatalog.CreateOrNull<TSig>(env, signature, [this, .. extra]);
            if (created is not null)
            {
                return created;
            }
        }

        return null;
    }

    private void Done() => _header.EndRead(Reader, _start, _context);

    private string Under(string name) => string.IsNullOrEmpty(Directory) ? name : $"{Directory}/{name}";

    private string StringOf(int id)
    {
        _context.CheckDecode(id >= 0 && id < _header.Strings.Length, $"Corrupt model file: no string has number {id}");
        return _header.Strings[id];
    }
}
