using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>How ML.NET saves and loads models; true of the packages and of the stand-in.</summary>
[TestClass]
public sealed class ModelFileBehaviourTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void A_chain_comes_back_with_its_keys_its_annotations_and_its_input_schema()
    {
        IDataView data = Data();
        TransformerChain<ColumnSelectingTransformer> model = _ml.Transforms.Conversion.MapValueToKey("Key", "Word")
            .Append(_ml.Transforms.Conversion.MapKeyToVector("Vector", "Key"))
            .Append(_ml.Transforms.NormalizeMinMax("Scaled", "Numbers"))
            .Append(_ml.Transforms.Concatenate("All", "Vector", "Scaled"))
            .Append(_ml.Transforms.Conversion.ConvertType("Wide", "All", DataKind.Double))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Again", "Key"))
            .Append(_ml.Transforms.CopyColumns("Copy", "Again"))
            .Append(_ml.Transforms.DropColumns("Again"))
            .Append(_ml.Transforms.SelectColumns("Copy", "Wide", "Key"))
            .Fit(data);
        using MemoryStream stream = Save(model, data.Schema);
        ITransformer loaded = new MLContext(2).Model.Load(stream, out DataViewSchema schema);

        CollectionAssert.AreEqual(
            data.Schema.Select(column => column.ToString()).ToArray(), schema.Select(column => column.ToString()).ToArray());
        IDataView expected = model.Transform(data);
        IDataView actual = loaded.Transform(data);
        CollectionAssert.AreEqual(
            expected.Schema.Select(column => column.ToString()).ToArray(),
            actual.Schema.Select(column => column.ToString()).ToArray());
        CollectionAssert.AreEqual(expected.GetColumn<string>("Copy").ToArray(), actual.GetColumn<string>("Copy").ToArray());
        CollectionAssert.AreEqual(expected.GetColumn<uint>("Key").ToArray(), actual.GetColumn<uint>("Key").ToArray());
        double[][] before = [.. expected.GetColumn<double[]>("Wide")];
        double[][] after = [.. actual.GetColumn<double[]>("Wide")];
        for (int i = 0; i < before.Length; i++)
        {
            CollectionAssert.AreEqual(before[i], after[i]);
        }
    }

    [TestMethod]
    public void A_model_file_is_a_zip_with_a_directory_a_transformer()
    {
        IDataView data = Data();
        ITransformer model = _ml.Transforms.CopyColumns("A", "Word").Append(_ml.Transforms.CopyColumns("B", "A")).Fit(data);
        using MemoryStream stream = Save(model, data.Schema);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        string[] names = [.. zip.Entries.Select(entry => entry.FullName.Replace('\\', '/'))];
        CollectionAssert.IsSubsetOf(
            new[]
            {
                "Schema",
                "TransformerChain/Model.key",
                "TransformerChain/Transform_000/Model.key",
                "TransformerChain/Transform_001/Model.key",
            },
            names);
    }

    [TestMethod]
    public void A_model_saved_without_a_schema_loads_without_one()
    {
        using MemoryStream stream = Save(_ml.Transforms.CopyColumns("A", "Word").Fit(Data()), null);
        ITransformer loaded = _ml.Model.Load(stream, out DataViewSchema schema);
        Assert.IsNull(schema);
        Assert.IsNotNull(loaded.Transform(Data()).Schema.GetColumnOrNull("A"));
    }

    [TestMethod]
    public void A_schema_of_images_alone_is_not_saved()
    {
        DataViewSchema.Builder builder = new();
        builder.AddColumn("Image", new ImageDataViewType(2, 2));
        Assert.ThrowsExactly<InvalidOperationException>(
            () => Save(_ml.Transforms.CopyColumns("Copy", "Word").Fit(Data()), builder.ToSchema()));
    }

    [TestMethod]
    public void The_input_schema_keeps_its_annotations()
    {
        IDataView data = Data();
        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Key", "Word").Fit(data).Transform(data);
        using MemoryStream stream = Save(_ml.Transforms.CopyColumns("Copy", "Key").Fit(keys), keys.Schema);
        _ = _ml.Model.Load(stream, out DataViewSchema schema);
        VBuffer<ReadOnlyMemory<char>> values = default;
        schema["Key"].GetKeyValues(ref values);
        CollectionAssert.AreEqual(new[] { "b", "a" }, values.DenseValues().Select(value => value.ToString()).ToArray());
    }

    [TestMethod]
    public void A_model_saved_with_a_loader_comes_back_with_it()
    {
        TextLoader loader = _ml.Data.CreateTextLoader([new TextLoader.Column("Word", DataKind.String, 1)], separatorChar: ',');
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.CopyColumns("A", "Word").Fit(Data()), loader, stream);
        stream.Position = 0;
        ITransformer model = _ml.Model.LoadWithDataLoader(stream, out IDataLoader<IMultiStreamSource> back);
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "1,one\n2,two\n");
        try
        {
            CollectionAssert.AreEqual(
                new[] { "one", "two" }, model.Transform(back.Load(path)).GetColumn<string>("A").ToArray());
        }
        finally
        {
            File.Delete(path);
        }

        stream.Position = 0;
        _ = _ml.Model.Load(stream, out DataViewSchema schema);
        CollectionAssert.AreEqual(new[] { "Word" }, schema.Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void A_file_that_is_no_zip_is_refused()
    {
        using var stream = new MemoryStream([1, 2, 3, 4]);
        Assert.ThrowsExactly<FormatException>(() => _ml.Model.Load(stream, out _));
    }

    [TestMethod]
    public void A_model_whose_header_is_damaged_is_refused()
    {
        IDataView data = Data();
        using MemoryStream stream = Save(_ml.Transforms.CopyColumns("A", "Word").Fit(data), data.Schema);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = zip.Entries.Single(e => e.FullName.EndsWith("Model.key", StringComparison.Ordinal));
            using Stream content = entry.Open();
            content.WriteByte(0xFF);
        }

        stream.Position = 0;
        Assert.ThrowsExactly<FormatException>(() => _ml.Model.Load(stream, out _));
    }

    [TestMethod]
    public void A_custom_mapping_without_a_name_cannot_be_saved()
    {
        IDataView data = Data();
        ITransformer model = _ml.Transforms.CustomMapping<Row, Out>((_, _) => { }, contractName: null).Fit(data);
        using var stream = new MemoryStream();
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Model.Save(model, data.Schema, stream));
    }

    private MemoryStream Save(ITransformer model, DataViewSchema? schema)
    {
        var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        stream.Position = 0;
        return stream;
    }

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[]
    {
        new Row { Word = "b", Numbers = [1, -2] },
        new Row { Word = "a", Numbers = [3, 4] },
        new Row { Word = "b", Numbers = [0, 0] },
    });

    private sealed class Row
    {
        public string? Word { get; set; }

        [VectorType(2)]
        public float[]? Numbers { get; set; }
    }

    private sealed class Out
    {
        public float Value { get; set; }
    }
}
