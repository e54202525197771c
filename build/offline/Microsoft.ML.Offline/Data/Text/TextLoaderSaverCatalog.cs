#nullable disable
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Loads and saves text files.</summary>
public static class TextLoaderSaverCatalog
{
    public static TextLoader CreateTextLoader(
        this DataOperationsCatalog catalog,
        TextLoader.Column[] columns,
        char separatorChar = '\t',
        bool hasHeader = false,
        IMultiStreamSource dataSample = null,
        bool allowQuoting = false,
        bool trimWhitespace = false,
        bool allowSparse = false)
    {
        TextLoader.Options options = MakeOptions(separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse);
        options.Columns = columns;
        return catalog.CreateTextLoader(options, dataSample);
    }

    public static TextLoader CreateTextLoader(
        this DataOperationsCatalog catalog, TextLoader.Options options, IMultiStreamSource dataSample = null) =>
        new(catalog.GetEnvironment(), options, dataSample);

    public static TextLoader CreateTextLoader<TInput>(
        this DataOperationsCatalog catalog,
        char separatorChar = '\t',
        bool hasHeader = false,
        IMultiStreamSource dataSample = null,
        bool allowQuoting = false,
        bool trimWhitespace = false,
        bool allowSparse = false) => catalog.CreateTextLoader<TInput>(
            MakeOptions(separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse), dataSample);

    public static TextLoader CreateTextLoader<TInput>(
        this DataOperationsCatalog catalog, TextLoader.Options options, IMultiStreamSource dataSample = null) =>
        TextLoader.CreateFor<TInput>(catalog.GetEnvironment(), options ?? new TextLoader.Options(), dataSample);

    public static IDataView LoadFromTextFile(
        this DataOperationsCatalog catalog,
        string path,
        TextLoader.Column[] columns,
        char separatorChar = '\t',
        bool hasHeader = false,
        bool allowQuoting = false,
        bool trimWhitespace = false,
        bool allowSparse = false)
    {
        TextLoader.Options options = MakeOptions(separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse);
        options.Columns = columns;

        // ML.NET looks at the file beforehand only where it is given options, or a sample.
        MultiFileSource source = Source(catalog, path);
        return catalog.CreateTextLoader(options).Load(source);
    }

    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Options options = null)
    {
        MultiFileSource source = Source(catalog, path);
        return catalog.CreateTextLoader(options, source).Load(source);
    }

    public static IDataView LoadFromTextFile<TInput>(
        this DataOperationsCatalog catalog,
        string path,
        char separatorChar = '\t',
        bool hasHeader = false,
        bool allowQuoting = false,
        bool trimWhitespace = false,
        bool allowSparse = false) => catalog.LoadFromTextFile<TInput>(
            path, MakeOptions(separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse));

    public static IDataView LoadFromTextFile<TInput>(
        this DataOperationsCatalog catalog, string path, TextLoader.Options options)
    {
        MultiFileSource source = Source(catalog, path);
        return catalog.CreateTextLoader<TInput>(options).Load(source);
    }

    public static void SaveAsText(
        this DataOperationsCatalog catalog,
        IDataView data,
        Stream stream,
        char separatorChar = '\t',
        bool headerRow = true,
        bool schema = true,
        bool keepHidden = false,
        bool forceDense = false)
    {
        IHostEnvironment env = catalog.GetEnvironment();
        env.CheckValue(data, nameof(data));
        env.CheckValue(stream, nameof(stream));
        DataViewSchema.Column[] columns = [.. data.Schema.Where(column =>
            (keepHidden || !column.IsHidden) && column.Type.GetItemType() is PrimitiveDataViewType)];
        env.CheckParam(columns.Length > 0, nameof(data), "No valid columns to save");
        new TextSaver(env, columns, separatorChar, forceDense).Save(data, stream, headerRow, schema);
    }

    private static TextLoader.Options MakeOptions(
        char separatorChar, bool hasHeader, bool allowQuoting, bool trimWhitespace, bool allowSparse) => new()
        {
            Separators = [separatorChar],
            HasHeader = hasHeader,
            AllowQuoting = allowQuoting,
            TrimWhitespace = trimWhitespace,
            AllowSparse = allowSparse,
        };

    private static MultiFileSource Source(DataOperationsCatalog catalog, string path)
    {
        IHostEnvironment env = catalog.GetEnvironment();
        env.CheckNonEmpty(path, nameof(path));
        bool expands = path.AsSpan().ContainsAny('*', '?', '+') && new MultiFileSource(path) is { Count: > 0 } several
            && several.GetPathOrNull(0) != path;
        return File.Exists(path) || expands
            ? new MultiFileSource(path)
            : throw env.ExceptParam(nameof(path), $"File or directory does not exist at path: {path}");
    }
}
