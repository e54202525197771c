using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Sets of labelled images as rows of a data view.</summary>
internal static class LabelledRows
{
    /// <summary>Images whose pixels are in memory as bytes: a vector of bytes and a key a row.</summary>
    public static IDataView OfPixels(
        DataOperationsCatalog catalog, InMemoryDataset dataset, IReadOnlyList<string> classNames, string imageColumn, string labelColumn)
    {
        SchemaDefinition schema = Schema(typeof(PixelRow), nameof(PixelRow.Image), imageColumn, labelColumn, classNames);
        schema.Single(column => column.MemberName == nameof(PixelRow.Image)).ColumnType =
            new VectorDataViewType(NumberDataViewType.Byte, dataset.Shape.ToArray());
        return catalog.LoadFromEnumerable(Pixels(dataset), schema);
    }

    /// <summary>Image files: a path and a key a row.</summary>
    public static IDataView OfFiles(DataOperationsCatalog catalog, ImageFolder folder, string pathColumn, string labelColumn) => catalog.LoadFromEnumerable(
        folder.Images.Select(image => new FileRow { Path = image.Path, Label = (uint)image.Label }),
        Schema(typeof(FileRow), nameof(FileRow.Path), pathColumn, labelColumn, folder.ClassNames));

    private static SchemaDefinition Schema(Type row, string member, string column, string labelColumn, IReadOnlyList<string> classNames)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        ArgumentException.ThrowIfNullOrEmpty(labelColumn);
        if (column == labelColumn)
        {
            throw new ArgumentException($"Images and labels are in columns of two names. Received: \"{column}\" for both.");
        }

        SchemaDefinition schema = SchemaDefinition.Create(row);
        schema.Single(definition => definition.MemberName == member).ColumnName = column;
        SchemaDefinition.Column label = schema.Single(definition => definition.MemberName == nameof(PixelRow.Label));
        label.ColumnName = labelColumn;
        label.ColumnType = new KeyDataViewType(typeof(uint), classNames.Count);
        label.AddAnnotation(
            AnnotationNames.KeyValues,
            new VBuffer<ReadOnlyMemory<char>>(classNames.Count, [.. classNames.Select(name => name.AsMemory())]),
            new VectorDataViewType(TextDataViewType.Instance, classNames.Count));
        return schema;
    }

    private static IEnumerable<PixelRow> Pixels(InMemoryDataset dataset)
    {
        for (int i = 0; i < dataset.Count; i++)
        {
            PixelRow row = new() { Image = new byte[dataset.Shape.ElementCount], Label = (uint)dataset.LabelOf(i) };
            dataset.ReadBytes(i, row.Image);
            yield return row;
        }
    }

    private sealed class PixelRow
    {
        public byte[] Image { get; set; } = [];

        /// <summary>The class from 0, of which ML.NET makes a key from 1.</summary>
        public uint Label { get; set; }
    }

    private sealed class FileRow
    {
        public string Path { get; set; } = string.Empty;

        public uint Label { get; set; }
    }
}
