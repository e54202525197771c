using Microsoft.ML.ConvNet.Storage;

#pragma warning disable IDE0130 // The catalogs' namespace, so that using Microsoft.ML suffices.
namespace Microsoft.ML;

/// <summary>
/// Collection of extension methods for <see cref="ModelOperationsCatalog"/> that save models of any kind so that a file is there as a whole
/// or not at all.
/// </summary>
/// <remarks>
/// ML.NET's own Save with a path empties the file first and then writes it: a process that ends in between, or a full disk, leaves
/// neither the old model nor the new one.
/// </remarks>
public static class ConvNetModelCatalog
{
    /// <summary>
    /// Save a transformer model and the schema of the data that it takes to a file, beside the one that is there, which it then replaces:
    /// whatever happens, a whole model is there. A symbolic link leads to the file that is replaced, the file keeps its mode, and what is no
    /// regular file (a named pipe, <c>/dev/stdout</c>) is written to.
    /// </summary>
    /// <param name="catalog">The model catalog, <c>mlContext.Model</c>.</param>
    /// <param name="model">The trained model to be saved. Note that this can be null, as a shorthand for an empty transformer chain.</param>
    /// <param name="inputSchema">The schema of the input to the transformer. This can be null.</param>
    /// <param name="filePath">Path where the model should be saved.</param>
    /// <example>
    /// <code>
    /// mlContext.Model.SaveAtomically(model, data.Schema, "model.zip");
    /// </code>
    /// </example>
    /// <exception cref="DirectoryNotFoundException">There is no folder for the file.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there is as it was.</exception>
    public static void SaveAtomically(
        this ModelOperationsCatalog catalog, ITransformer? model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        AtomicFile.Write(filePath, stream => catalog.Save(model, inputSchema, stream));
    }

    /// <summary>Save a transformer model and the loader of its training data to a file.</summary>
    /// <param name="catalog">The model catalog, <c>mlContext.Model</c>.</param>
    /// <param name="model">The trained model to be saved. Note that this can be null, as a shorthand for an empty transformer chain.</param>
    /// <param name="loader">The loader that was used to create data to train the model.</param>
    /// <param name="filePath">Path where the model should be saved.</param>
    /// <inheritdoc cref="SaveAtomically(ModelOperationsCatalog, ITransformer, DataViewSchema, string)" path="/exception"/>
    /// <typeparam name="TSource">What the loader reads.</typeparam>
    public static void SaveAtomically<TSource>(
        this ModelOperationsCatalog catalog, ITransformer? model, IDataLoader<TSource> loader, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        AtomicFile.Write(filePath, stream => catalog.Save(model, loader, stream));
    }
}
