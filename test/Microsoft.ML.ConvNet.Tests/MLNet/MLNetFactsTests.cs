using System.IO.Compression;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>The three facts of ML.NET that the pack relies on, and that none of its signatures tells.</summary>
[TestClass]
public sealed class MLNetFactsTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void An_image_has_its_pixels_row_by_row_in_the_order_that_its_format_names_with_alpha_last()
    {
        byte[] pixels = [1, 2, 3, 255, 4, 5, 6, 255];
        using MLImage image = MLImage.CreateFromPixels(1, 2, MLPixelFormat.Rgba32, pixels);
        Assert.AreEqual(MLPixelFormat.Rgba32, image.PixelFormat);
        CollectionAssert.AreEqual(pixels, image.Pixels.ToArray());

        // Red 10, green 20, blue 30, decoded from a file: the platform chooses the order, and says which.
        using TestFolder folder = new();
        string path = Path.Combine(folder.Path, "image.png");
        using (MLImage written = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Rgba32, (byte[])[10, 20, 30, 255]))
        {
            written.Save(path);
        }

        using MLImage decoded = MLImage.CreateFromFile(path);
        byte[] expected = decoded.PixelFormat == MLPixelFormat.Rgba32 ? [10, 20, 30, 255] : [30, 20, 10, 255];
        CollectionAssert.AreEqual(expected, decoded.Pixels.ToArray());
    }

    [TestMethod]
    public void A_prediction_engine_disposes_of_the_transformer_that_it_was_made_from_unless_told_that_it_does_not_own_it()
    {
        DisposableCopy owned = new(_context);
        _context.Model.CreatePredictionEngine<Row, Row>(owned).Dispose();
        Assert.AreEqual(1, owned.Disposals);

        DisposableCopy shared = new(_context);
        _context.Model.CreatePredictionEngine<Row, Row>(shared, new PredictionEngineOptions { OwnsTransformer = false }).Dispose();
        Assert.AreEqual(0, shared.Disposals);
    }

    [TestMethod]
    public void A_model_file_is_a_zip_with_a_directory_a_transformer()
    {
        IDataView data = _context.Data.LoadFromEnumerable(new Row[] { new() });
        ITransformer model = _context.Transforms.CopyColumns("A", "Value").Append(_context.Transforms.CopyColumns("B", "A")).Fit(data);
        using MemoryStream stream = new();
        _context.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        using ZipArchive zip = new(stream, ZipArchiveMode.Read);
        string[] names = [.. zip.Entries.Select(entry => entry.FullName.Replace('\\', '/'))];
        string[] expected =
        [
            "Schema",
            "TransformerChain/Model.key",
            "TransformerChain/Transform_000/Model.key",
            "TransformerChain/Transform_001/Model.key",
        ];
        CollectionAssert.IsSubsetOf(expected, names);
    }

    private sealed class Row
    {
        public float Value { get; set; }
    }

    /// <summary>Copies a column, and counts how often it is disposed of.</summary>
    private sealed class DisposableCopy(MLContext context) : ITransformer, IDisposable
    {
        private readonly ITransformer _copy = context.Transforms.CopyColumns("Copy", "Value")
            .Fit(context.Data.LoadFromEnumerable(new Row[] { new() }));

        public int Disposals { get; private set; }

        public bool IsRowToRowMapper => _copy.IsRowToRowMapper;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _copy.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _copy.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) => _copy.Transform(input);

        public void Save(ModelSaveContext ctx) => _copy.Save(ctx);

        public void Dispose() => Disposals++;
    }
}
