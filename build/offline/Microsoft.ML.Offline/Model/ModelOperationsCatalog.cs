#nullable disable
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Saves, loads and applies models.</summary>
public sealed class ModelOperationsCatalog : IInternalCatalog
{
    private const string SchemaEntry = "Schema";

    private readonly IHostEnvironment _env;

    internal ModelOperationsCatalog(IHostEnvironment env) => _env = env;

    IHostEnvironment IInternalCatalog.Environment => _env;

    public void Save<TSource>(ITransformer model, IDataLoader<TSource> loader, Stream stream)
    {
        _env.CheckValue(loader, nameof(loader));
        _env.CheckValue(stream, nameof(stream));
        TransformerChain<ITransformer> chain = model is null ? null : new TransformerChain<ITransformer>(model);
        using var repository = new RepositoryWriter(stream, _env);
        ModelSaveContext.SaveModel(repository, new CompositeDataLoader<TSource, ITransformer>(loader, chain), null);
        repository.Commit();
    }

    public void Save<TSource>(ITransformer model, IDataLoader<TSource> loader, string filePath)
    {
        _env.CheckValue(loader, nameof(loader));
        _env.CheckNonEmpty(filePath, nameof(filePath));
        using FileStream stream = File.Create(filePath);
        Save(model, loader, stream);
    }

    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        _env.CheckValue(stream, nameof(stream));
        using var repository = new RepositoryWriter(stream, _env);
        ModelSaveContext.SaveModel(repository, model, TransformerChain.LoaderSignature);
        if (inputSchema is not null)
        {
            using RepositoryWriter.Entry entry = repository.CreateEntry(null, SchemaEntry);
            using var writer = new BinaryWriter(entry.Stream, Encoding.UTF8, leaveOpen: true);
            SchemaCodec.Write(writer, inputSchema);
        }

        repository.Commit();
    }

    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        _env.CheckNonEmpty(filePath, nameof(filePath));
        using FileStream stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        _env.CheckValue(stream, nameof(stream));
        using var repository = new RepositoryReader(stream, _env);
        using Stream schema = repository.OpenEntryOrNull(null, SchemaEntry);
        if (schema is not null)
        {
            inputSchema = ReadSchema(schema);
            ModelLoadContext.LoadModel<ITransformer, SignatureLoadModel>(
                _env, out ITransformer model, repository, TransformerChain.LoaderSignature);
            return model;
        }

        if (ModelLoadContext.LoadModelOrNull<IDataLoader<IMultiStreamSource>, SignatureLoadModel>(
            _env, out IDataLoader<IMultiStreamSource> loader, repository, null))
        {
            ITransformer model = TakeApart(ref loader);
            inputSchema = loader.GetOutputSchema();
            return model;
        }

        inputSchema = null;
        return ModelLoadContext.LoadModelOrNull<ITransformer, SignatureLoadModel>(
            _env, out ITransformer bare, repository, TransformerChain.LoaderSignature)
            ? bare
            : throw _env.Except("Could not load legacy format model");
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        _env.CheckNonEmpty(filePath, nameof(filePath));
        using FileStream stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    public ITransformer LoadWithDataLoader(Stream stream, out IDataLoader<IMultiStreamSource> loader)
    {
        _env.CheckValue(stream, nameof(stream));
        using var repository = new RepositoryReader(stream, _env);
        try
        {
            ModelLoadContext.LoadModel<IDataLoader<IMultiStreamSource>, SignatureLoadModel>(_env, out loader, repository, null);
            return TakeApart(ref loader);
        }
        catch (Exception e)
        {
            throw _env.Process(new InvalidOperationException(
                $"Model does not contain an {nameof(IDataLoader<IMultiStreamSource>)}. Perhaps this was saved with an {nameof(DataViewSchema)}, or even no information on its input at all. Consider using the {nameof(Load)} method instead.",
                e));
        }
    }

    public ITransformer LoadWithDataLoader(string filePath, out IDataLoader<IMultiStreamSource> loader)
    {
        _env.CheckNonEmpty(filePath, nameof(filePath));
        using FileStream stream = File.OpenRead(filePath);
        return LoadWithDataLoader(stream, out loader);
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
        ITransformer transformer,
        bool ignoreMissingColumns = true,
        SchemaDefinition inputSchemaDefinition = null,
        SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new() => new(
            _env,
            transformer,
            new PredictionEngineOptions
            {
                IgnoreMissingColumns = ignoreMissingColumns,
                InputSchemaDefinition = inputSchemaDefinition,
                OutputSchemaDefinition = outputSchemaDefinition,
            });

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new() => new(
            _env,
            transformer,
            new PredictionEngineOptions
            {
                IgnoreMissingColumns = false,
                InputSchemaDefinition = new DataOperationsCatalog(_env).DefinitionOf<TSrc>(inputSchema),
            });

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new() => new(_env, transformer, options);

    private DataViewSchema ReadSchema(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            return SchemaCodec.Read(reader);
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or InvalidOperationException or OverflowException)
        {
            throw _env.ExceptDecode("Corrupt model file: its input schema cannot be read", e);
        }
    }

    /// <summary>The model of a loader with a model; the loader is then without it.</summary>
    private static ITransformer TakeApart(ref IDataLoader<IMultiStreamSource> loader)
    {
        if (loader is not CompositeDataLoader<IMultiStreamSource, ITransformer> composite)
        {
            return new TransformerChain<ITransformer>();
        }

        loader = composite.Loader;
        ITransformer[] transformers = [.. composite.Transformer];
        return transformers.Length == 1 ? transformers[0] : composite.Transformer;
    }
}
