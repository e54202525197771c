using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Anchor = Microsoft.ML.Transforms.Image.ImageResizingEstimator.Anchor;
using ResizingKind = Microsoft.ML.Transforms.Image.ImageResizingEstimator.ResizingKind;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

[TestClass]
public sealed class ImageResizingTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void The_new_column_is_of_images_of_the_size()
    {
        IDataView resized = Resize(Flat(4, 2, 9), 6, 5, ResizingKind.Fill);
        Assert.AreEqual(new ImageDataViewType(5, 6), resized.Schema["Small"].Type);
        Assert.AreEqual("Image<5, 6>", resized.Schema["Small"].Type.ToString());
    }

    [TestMethod]
    public void Fill_takes_the_nearest_pixel()
    {
        // 3 x 2 pixels made twice as wide and high: each pixel becomes four.
        byte[] rgb = RgbOf(ImageRows.Image(), 6, 4, ResizingKind.Fill);
        for (int y = 0; y < 4; y++)
        {
            for (int x = 0; x < 6; x++)
            {
                Assert.AreEqual(ImageRows.Value(0, y / 2, x / 2), rgb[(y * 6 + x) * 3], $"row {y}, column {x}");
            }
        }
    }

    [TestMethod]
    [DataRow(ResizingKind.Fill)]
    [DataRow(ResizingKind.IsoPad)]
    [DataRow(ResizingKind.IsoCrop)]
    public void An_image_of_one_color_keeps_it(ResizingKind resizing)
    {
        byte[] rgb = RgbOf(Flat(9, 9, 77), 5, 5, resizing);
        Assert.HasCount(75, rgb);
        Assert.IsTrue(Array.TrueForAll(rgb, value => value == 77));
    }

    [TestMethod]
    public void Padding_keeps_the_aspect_and_leaves_black_at_both_sides()
    {
        // 8 x 4 into 4 x 4: scaled by 1/2 to 4 x 2, one black row above and one below.
        byte[] rgb = RgbOf(Flat(8, 4, 200), 4, 4, ResizingKind.IsoPad);
        byte[] rows = [.. Enumerable.Range(0, 4).Select(y => rgb[y * 12])];
        CollectionAssert.AreEqual(new byte[] { 0, 200, 200, 0 }, rows);
    }

    [TestMethod]
    [DataRow(Anchor.Left, (byte)10)]
    [DataRow(Anchor.Center, (byte)20)]
    [DataRow(Anchor.Right, (byte)30)]
    public void Cropping_keeps_the_part_that_the_anchor_names(Anchor anchor, byte expected)
    {
        // Three squares of 4 x 4 beside each other: a crop to one square of the same height takes one of them whole.
        byte[] rgb = [.. from y in Enumerable.Range(0, 4) from x in Enumerable.Range(0, 36) select (byte)(10 + x / 12 * 10)];
        using var image = MLImage.CreateFromStream(new MemoryStream(PngBuilder.Rgb(12, 4, rgb)));
        byte[] cropped = RgbOf(image, 4, 4, ResizingKind.IsoCrop, anchor);
        Assert.IsTrue(Array.TrueForAll(cropped, value => value == expected), string.Join(' ', cropped));
    }

    [TestMethod]
    public void Shrinking_interpolates_between_pixels()
    {
        // A ramp from 0 to 248 at half the size is still a ramp.
        byte[] ramp = [.. Enumerable.Range(0, 32 * 32 * 3).Select(i => (byte)(i / 3 % 32 * 8))];
        using var image = MLImage.CreateFromStream(new MemoryStream(PngBuilder.Rgb(32, 32, ramp)));
        byte[] rgb = RgbOf(image, 16, 16, ResizingKind.IsoCrop);
        for (int x = 1; x < 15; x++)
        {
            Assert.AreEqual(x * 16 + 4, rgb[(16 * 8 + x) * 3], 4, $"column {x}");
        }
    }

    [TestMethod]
    public void An_image_of_the_size_passes_through()
    {
        MLImage image = ImageRows.Image();
        MLImage resized = Resize(image, 3, 2, ResizingKind.IsoCrop).GetColumn<MLImage>("Small").Single();
        Assert.AreSame(image, resized);
    }

    [TestMethod]
    public void A_size_that_is_not_positive_is_an_argument_error()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.ResizeImages("Small", 0, 5, "Image"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.ResizeImages("Small", 5, -1, "Image"));
    }

    [TestMethod]
    public void A_column_that_is_no_image_is_found_before_fitting()
    {
        IDataView data = _context.Data.LoadFromEnumerable([new PathRow()]);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.Transforms.ResizeImages("Small", 5, 5, "Path").Fit(data));
        Assert.Contains("'Path'", error.Message);
    }

    private static MLImage Flat(int width, int height, byte value)
    {
        var rgb = new byte[width * height * 3];
        Array.Fill(rgb, value);
        return MLImage.CreateFromStream(new MemoryStream(PngBuilder.Rgb(width, height, rgb)));
    }

    private IDataView Resize(MLImage image, int width, int height, ResizingKind resizing, Anchor anchor = Anchor.Center)
    {
        IDataView data = _context.Data.LoadFromEnumerable([new AnyImageRow { Image = image }]);
        return _context.Transforms.ResizeImages("Small", width, height, "Image", resizing, anchor).Fit(data).Transform(data);
    }

    private byte[] RgbOf(MLImage image, int width, int height, ResizingKind resizing, Anchor anchor = Anchor.Center)
    {
        using MLImage resized = Resize(image, width, height, resizing, anchor).GetColumn<MLImage>("Small").Single();
        Assert.AreEqual(width, resized.Width);
        Assert.AreEqual(height, resized.Height);
        return ImageRows.RgbOf(resized);
    }

    private sealed class AnyImageRow
    {
        // The size said here is that of the column's type; resizing reads the size of each image.
        [ImageType(1000, 1000)]
        public MLImage? Image { get; set; }
    }
}
