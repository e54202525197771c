using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using ColorBits = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorBits;
using ColorsOrder = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorsOrder;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

[TestClass]
public sealed class ImagePixelExtractionTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(MLPixelFormat.Rgba32)]
    [DataRow(MLPixelFormat.Bgra32)]
    public void Pixels_are_planar_red_green_blue_by_default(MLPixelFormat format)
    {
        (VectorDataViewType type, float[] pixels) = Extract(format: format);
        CollectionAssert.AreEqual(new[] { 3, 2, 3 }, type.Dimensions.ToArray());
        Assert.AreEqual(NumberDataViewType.Single, type.ItemType);
        var expected = from c in Enumerable.Range(0, 3)
                       from y in Enumerable.Range(0, 2)
                       from x in Enumerable.Range(0, 3)
                       select (float)ImageRows.Value(c, y, x);
        CollectionAssert.AreEqual(expected.ToArray(), pixels);
    }

    [TestMethod]
    public void Interleaved_pixels_have_their_colors_side_by_side()
    {
        (VectorDataViewType type, float[] pixels) = Extract(interleaved: true);
        CollectionAssert.AreEqual(new[] { 2, 3, 3 }, type.Dimensions.ToArray());
        CollectionAssert.AreEqual(ImageRows.Rgb.Select(value => (float)value).ToArray(), pixels);
    }

    [TestMethod]
    public void The_order_of_the_colors_is_that_asked_for()
    {
        (_, float[] pixels) = Extract(interleaved: true, colors: ColorBits.All, order: ColorsOrder.ABGR);
        CollectionAssert.AreEqual(new float[] { 255, 200, 100, 0 }, pixels[..4]);
        (_, pixels) = Extract(interleaved: true, colors: ColorBits.Blue | ColorBits.Red, order: ColorsOrder.AGBR);
        CollectionAssert.AreEqual(new float[] { 200, 0, 201, 1 }, pixels[..4]);
    }

    [TestMethod]
    public void One_color_is_one_plane()
    {
        (VectorDataViewType type, float[] pixels) = Extract(colors: ColorBits.Green);
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, type.Dimensions.ToArray());
        CollectionAssert.AreEqual(new float[] { 100, 101, 102, 110, 111, 112 }, pixels);
    }

    [TestMethod]
    public void The_offset_is_subtracted_before_scaling()
    {
        (_, float[] pixels) = Extract(colors: ColorBits.Green, offset: 100, scale: 0.5f);
        CollectionAssert.AreEqual(new float[] { 0, 0.5f, 1, 5, 5.5f, 6 }, pixels);
    }

    [TestMethod]
    public void Bytes_are_neither_offset_nor_scaled()
    {
        IDataView data = _context.Data.LoadFromEnumerable([new ImageRow { Image = ImageRows.Image() }]);
        IDataView extracted = _context.Transforms
            .ExtractPixels("Pixels", "Image", ColorBits.Red, offsetImage: 1, scaleImage: 2, outputAsFloatArray: false)
            .Fit(data)
            .Transform(data);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Byte, 1, 2, 3), extracted.Schema["Pixels"].Type);
        CollectionAssert.AreEqual(new byte[] { 0, 1, 2, 10, 11, 12 }, extracted.GetColumn<byte[]>("Pixels").Single());
    }

    [TestMethod]
    public void A_row_without_an_image_is_all_zeros()
    {
        IDataView data = _context.Data.LoadFromEnumerable([new ImageRow()]);
        IDataView extracted = _context.Transforms.ExtractPixels("Pixels", "Image").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new float[18], extracted.GetColumn<float[]>("Pixels").Single());
    }

    [TestMethod]
    public void Images_of_unknown_size_are_found_before_any_row_is_read()
    {
        IDataView data = _context.Data.LoadFromEnumerable([new PathRow()]);
        var pipeline = _context.Transforms.LoadImages("Image", null, "Path").Append(_context.Transforms.ExtractPixels("Pixels", "Image"));
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => pipeline.Fit(data));
        Assert.Contains("expected known-size image, got unknown-size image", error.Message);
    }

    [TestMethod]
    public void A_column_that_is_no_image_is_found_before_fitting()
    {
        IDataView data = _context.Data.LoadFromEnumerable([new PathRow()]);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.Transforms.ExtractPixels("Pixels", "Path").Fit(data));
        Assert.Contains("'Path'", error.Message);
    }

    [TestMethod]
    public void No_color_and_a_scale_of_zero_are_argument_errors()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.ExtractPixels("Pixels", "Image", 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.ExtractPixels("Pixels", "Image", scaleImage: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.Transforms.ExtractPixels("Pixels", "Image", offsetImage: float.NaN));
    }

    private (VectorDataViewType Type, float[] Pixels) Extract(
        MLPixelFormat format = MLPixelFormat.Bgra32,
        ColorBits colors = ColorBits.Rgb,
        ColorsOrder order = ColorsOrder.ARGB,
        bool interleaved = false,
        float offset = 0,
        float scale = 1)
    {
        IDataView data = _context.Data.LoadFromEnumerable([new ImageRow { Image = ImageRows.Image(format) }]);
        ImagePixelExtractingEstimator estimator = _context.Transforms.ExtractPixels(
            "Pixels", "Image", colors, order, interleaved, offset, scale);
        IDataView extracted = estimator.Fit(data).Transform(data);
        return ((VectorDataViewType)extracted.Schema["Pixels"].Type, extracted.GetColumn<float[]>("Pixels").Single());
    }
}
