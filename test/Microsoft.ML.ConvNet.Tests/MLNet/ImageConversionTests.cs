using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using ColorBits = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorBits;
using ColorsOrder = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorsOrder;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

[TestClass]
public sealed class ImageConversionTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(false, ColorsOrder.ARGB, ColorBits.Rgb)]
    [DataRow(true, ColorsOrder.ARGB, ColorBits.Rgb)]
    [DataRow(true, ColorsOrder.ABGR, ColorBits.All)]
    [DataRow(false, ColorsOrder.AGRB, ColorBits.All)]
    public void Extracted_pixels_make_the_image_again(bool interleaved, ColorsOrder order, ColorBits colors)
    {
        IDataView data = _context.Data.LoadFromEnumerable([new ImageRow { Image = ImageRows.Image() }]);
        var pipeline = _context.Transforms.ExtractPixels("Pixels", "Image", colors, order, interleaved)
            .Append(_context.Transforms.ConvertToImage(2, 3, "Again", "Pixels", colors, order, interleaved));
        IDataView converted = pipeline.Fit(data).Transform(data);
        Assert.AreEqual(new ImageDataViewType(2, 3), converted.Schema["Again"].Type);
        using MLImage image = converted.GetColumn<MLImage>("Again").Single();
        CollectionAssert.AreEqual(ImageRows.Rgb, ImageRows.RgbOf(image));
        Assert.AreEqual(255, image.Pixels[3]);
    }

    [TestMethod]
    public void Values_are_scaled_and_then_the_offset_is_subtracted()
    {
        // 0.5 x 100 - 10 = 40, 1 x 100 - 10 = 90, 0.25 x 100 - 10 = 15.
        MLImage image = Convert(new PixelRow { Pixels = [0.5f, 1, 0.25f] }, scale: 100, offset: 10);
        CollectionAssert.AreEqual(new byte[] { 40, 90, 15 }, ImageRows.RgbOf(image));
    }

    [TestMethod]
    public void An_all_zero_vector_is_a_black_image()
    {
        MLImage image = Convert(new PixelRow());
        CollectionAssert.AreEqual(new byte[3], ImageRows.RgbOf(image));
    }

    [TestMethod]
    public void A_vector_of_another_size_is_found_before_any_row_is_read()
    {
        IDataView data = _context.Data.LoadFromEnumerable([new PixelRow()]);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.Transforms.ConvertToImage(2, 2, "Image", "Pixels").Fit(data));
        Assert.Contains("'Pixels'", error.Message);
    }

    [TestMethod]
    public void Gray_is_the_weighted_sum_of_the_colors()
    {
        // Red 0.3, green 0.59, blue 0.11: 0.3 x 100 + 0.59 x 200 + 0.11 x 50 = 153.5 lies between 153 and 154.
        byte[] png = PngBuilder.Rgb(2, 1, 100, 200, 50, 10, 10, 10);
        IDataView data = _context.Data.LoadFromEnumerable([new PairRow { Image = MLImage.CreateFromStream(new MemoryStream(png)) }]);
        IDataView gray = _context.Transforms.ConvertToGrayscale("Gray", "Image").Fit(data).Transform(data);
        Assert.AreEqual(new ImageDataViewType(1, 2), gray.Schema["Gray"].Type);
        using MLImage image = gray.GetColumn<MLImage>("Gray").Single();
        byte[] rgb = ImageRows.RgbOf(image);
        Assert.AreEqual(153.5, rgb[0], 1);
        Assert.AreEqual(10, rgb[3]);
        CollectionAssert.AreEqual(rgb.Chunk(3).SelectMany(pixel => Enumerable.Repeat(pixel[0], 3)).ToArray(), rgb);
    }

    [TestMethod]
    public void A_saved_pipeline_of_image_transforms_gives_the_same_pixels()
    {
        using var folder = new TestFolder();
        folder.Write("a.png", PngBuilder.Rgb(3, 2, ImageRows.Rgb));
        IDataView data = _context.Data.LoadFromEnumerable([new PathRow { Path = "a.png" }]);
        const ColorBits Colors = ColorBits.Red | ColorBits.Alpha;
        var pipeline = _context.Transforms.LoadImages("Image", folder.Path, "Path")
            .Append(_context.Transforms.ResizeImages("Image", 6, 4, resizing: ImageResizingEstimator.ResizingKind.Fill))
            .Append(_context.Transforms.ConvertToGrayscale("Gray", "Image"))
            .Append(_context.Transforms.ExtractPixels("Pixels", "Gray", Colors, ColorsOrder.ABRG, true, offsetImage: 2, scaleImage: 3))
            .Append(_context.Transforms.ConvertToImage(4, 6, "Again", "Pixels", Colors, ColorsOrder.ABRG, true, 0.1f, 1))
            .Append(_context.Transforms.ExtractPixels("Last", "Again", outputAsFloatArray: false));
        TransformerChain<ImagePixelExtractingTransformer> model = pipeline.Fit(data);
        string file = Path.Combine(folder.Path, "model.zip");
        _context.Model.Save(model, data.Schema, file);
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        IDataView before = model.Transform(data);
        IDataView after = loaded.Transform(data);
        Assert.AreEqual(before.Schema["Pixels"].Type, after.Schema["Pixels"].Type);
        CollectionAssert.AreEqual(before.GetColumn<float[]>("Pixels").Single(), after.GetColumn<float[]>("Pixels").Single());
        CollectionAssert.AreEqual(before.GetColumn<byte[]>("Last").Single(), after.GetColumn<byte[]>("Last").Single());
    }

    [TestMethod]
    public void A_prediction_engine_loads_and_extracts_image_after_image()
    {
        using var folder = new TestFolder();
        folder.Write("a.png", PngBuilder.Rgb(1, 1, 1, 2, 3));
        folder.Write("b.png", PngBuilder.Rgb(1, 1, 4, 5, 6));
        IDataView data = _context.Data.LoadFromEnumerable(Array.Empty<PathRow>());
        var pipeline = _context.Transforms.LoadImages("Image", folder.Path, "Path")
            .Append(_context.Transforms.ResizeImages("Image", 1, 1))
            .Append(_context.Transforms.ExtractPixels("Pixels", "Image"));
        using PredictionEngine<PathRow, ExtractedRow> engine =
            _context.Model.CreatePredictionEngine<PathRow, ExtractedRow>(pipeline.Fit(data));
        CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, engine.Predict(new PathRow { Path = "a.png" }).Pixels);
        CollectionAssert.AreEqual(new float[] { 4, 5, 6 }, engine.Predict(new PathRow { Path = "b.png" }).Pixels);
    }

    private MLImage Convert(PixelRow row, float scale = 1, float offset = 0)
    {
        IDataView data = _context.Data.LoadFromEnumerable([row]);
        return _context.Transforms.ConvertToImage(1, 1, "Image", "Pixels", scaleImage: scale, offsetImage: offset)
            .Fit(data)
            .Transform(data)
            .GetColumn<MLImage>("Image")
            .Single();
    }

    private sealed class PixelRow
    {
        [VectorType(3)]
        public float[] Pixels { get; set; } = new float[3];
    }

    private sealed class ExtractedRow
    {
        public float[] Pixels { get; set; } = [];
    }

    private sealed class PairRow
    {
        [ImageType(1, 2)]
        public MLImage? Image { get; set; }
    }
}
