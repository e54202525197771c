#nullable disable
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Saves and loads views with their types and annotations. The format is the stand-in's own.</summary>
public static class BinaryLoaderSaverCatalog
{
    public static IDataView LoadFromBinary(this DataOperationsCatalog catalog, IMultiStreamSource fileSource)
    {
        IHostEnvironment env = catalog.GetEnvironment();
        env.CheckValue(fileSource, nameof(fileSource));
        env.CheckParam(fileSource.Count == 1, nameof(fileSource), $"Must be one file. Received: {fileSource.Count}");
        return new BinaryDataView(env, () => fileSource.Open(0));
    }

    public static IDataView LoadFromBinary(this DataOperationsCatalog catalog, string path)
    {
        IHostEnvironment env = catalog.GetEnvironment();
        env.CheckNonEmpty(path, nameof(path));
        env.CheckParam(File.Exists(path), nameof(path), $"File does not exist at path: {path}");
        return catalog.LoadFromBinary(new MultiFileSource(path));
    }

    public static void SaveAsBinary(this DataOperationsCatalog catalog, IDataView data, Stream stream, bool keepHidden = false)
    {
        IHostEnvironment env = catalog.GetEnvironment();
        env.CheckValue(data, nameof(data));
        env.CheckValue(stream, nameof(stream));
        int[] kept = [.. data.Schema.Where(column => (keepHidden || !column.IsHidden) && ValueCodec.CanWrite(column.Type))
            .Select(column => column.Index)];
        env.CheckParam(kept.Length > 0, nameof(data), "No valid columns to save");
        var view = new Transforms.SelectedColumnsDataView(env.Register("BinarySaver"), data, kept);
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        BinaryDataView.Write(writer, view);
    }
}
