#nullable disable
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: Microsoft.ML.LoadableClass(
    "A model loader that encapsulates a data loader and a transformer chain.",
    typeof(CompositeDataLoader<IMultiStreamSource, Microsoft.ML.ITransformer>),
    null,
    typeof(Microsoft.ML.SignatureLoadModel),
    "Composite Loader",
    CompositeDataLoader<IMultiStreamSource, Microsoft.ML.ITransformer>.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>A loader and what is done with what it loads.</summary>
public sealed class CompositeDataLoader<TSource, TLastTransformer> : IDataLoader<TSource>, IDisposable
    where TLastTransformer : class, ITransformer
{
    public readonly IDataLoader<TSource> Loader;
    public readonly TransformerChain<TLastTransformer> Transformer;

    internal const string LoaderSignature = "CompositeLoader";

    private const string LoaderDirectory = "Loader";

    public CompositeDataLoader(IDataLoader<TSource> loader, TransformerChain<TLastTransformer> transformerChain = null)
    {
        ArgumentNullException.ThrowIfNull(loader);
        Loader = loader;
        Transformer = transformerChain ?? new TransformerChain<TLastTransformer>();
    }

    private static VersionInfo Version => StandInVersion.Create("CMPSTLDR", LoaderSignature);

    public IDataView Load(TSource input) => Transformer.Transform(Loader.Load(input));

    public DataViewSchema GetOutputSchema() => Transformer.GetOutputSchema(Loader.GetOutputSchema());

    public CompositeDataLoader<TSource, TNewLast> AppendTransformer<TNewLast>(TNewLast transformer)
        where TNewLast : class, ITransformer => new(Loader, Transformer.Append(transformer));

    public void Dispose() => Transformer.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.SaveModel(Loader, LoaderDirectory);
        ctx.SaveModel(Transformer, TransformerChain.LoaderSignature);
    }

    internal static CompositeDataLoader<TSource, TLastTransformer> Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        ctx.LoadModel<IDataLoader<TSource>, SignatureLoadModel>(env, out IDataLoader<TSource> loader, LoaderDirectory);
        ctx.LoadModel<TransformerChain<TLastTransformer>, SignatureLoadModel>(
            env, out TransformerChain<TLastTransformer> chain, TransformerChain.LoaderSignature);
        return new CompositeDataLoader<TSource, TLastTransformer>(loader, chain);
    }
}
