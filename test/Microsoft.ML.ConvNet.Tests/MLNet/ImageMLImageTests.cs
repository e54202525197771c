using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

[TestClass]
public sealed class ImageMLImageTests
{
    [TestMethod]
    public void An_image_made_of_pixels_gives_them_back_in_its_own_order()
    {
        byte[] pixels = [1, 2, 3, 255, 4, 5, 6, 255];
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, pixels);
        Assert.AreEqual(2, image.Width);
        Assert.AreEqual(1, image.Height);
        Assert.AreEqual(32, image.BitsPerPixel);
        Assert.AreEqual(MLPixelFormat.Rgba32, image.PixelFormat);
        CollectionAssert.AreEqual(pixels, image.Pixels.ToArray());
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Rgba32)]
    [DataRow(MLPixelFormat.Bgra32)]
    public void GetBGRPixels_gives_blue_green_red_for_either_order(MLPixelFormat format)
    {
        using MLImage image = ImageRows.Image(format);
        byte[] bgr = image.GetBGRPixels;
        CollectionAssert.AreEqual(ImageRows.Rgb.Chunk(3).SelectMany(pixel => pixel.Reverse()).ToArray(), bgr);
    }

    [TestMethod]
    public void A_decoded_PNG_has_its_colors_and_full_alpha()
    {
        using var image = MLImage.CreateFromStream(new MemoryStream(PngBuilder.Rgb(3, 2, ImageRows.Rgb)));
        Assert.AreEqual(3, image.Width);
        Assert.AreEqual(2, image.Height);
        CollectionAssert.AreEqual(ImageRows.Rgb, ImageRows.RgbOf(image));
        Assert.IsTrue(image.Pixels.ToArray().Where((_, i) => i % 4 == 3).All(alpha => alpha == 255));
    }

    [TestMethod]
    public void A_saved_PNG_loads_as_the_same_image()
    {
        using var folder = new TestFolder();
        string path = Path.Combine(folder.Path, "image.png");
        using MLImage image = ImageRows.Image();
        image.Save(path);
        using var loaded = MLImage.CreateFromFile(path);
        CollectionAssert.AreEqual(ImageRows.Rgb, ImageRows.RgbOf(loaded));
    }

    [TestMethod]
    public void Colors_of_a_transparent_PNG_are_premultiplied_and_GetBGRPixels_undoes_it()
    {
        // 200 x 51 / 255 = 40 exactly, and 40 x 255 / 51 = 200.
        using var image = MLImage.CreateFromStream(new MemoryStream(PngBuilder.Rgba(1, 1, 200, 100, 0, 51)));
        CollectionAssert.AreEqual(new byte[] { 40, 20, 0 }, ImageRows.RgbOf(image));
        Assert.AreEqual(51, image.Pixels[3]);
        CollectionAssert.AreEqual(new byte[] { 0, 100, 200 }, image.GetBGRPixels);
    }

    [TestMethod]
    public void Bytes_that_are_no_image_are_an_argument_error()
    {
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream([1, 2, 3, 4, 5, 6, 7, 8, 9])));
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromFile(Path.Combine(Path.GetTempPath(), "no such file.png")));
        Assert.ThrowsExactly<ArgumentNullException>(() => MLImage.CreateFromStream(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => MLImage.CreateFromFile(null!));
    }

    [TestMethod]
    [DataRow(0, 1, MLPixelFormat.Bgra32, 0)]
    [DataRow(1, -1, MLPixelFormat.Bgra32, 4)]
    [DataRow(1, 1, MLPixelFormat.Unknown, 4)]
    [DataRow(1, 1, MLPixelFormat.Bgra32, 3)]
    public void Pixels_that_do_not_fit_are_an_argument_error(int width, int height, MLPixelFormat format, int length)
    {
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(width, height, format, new byte[length]));
    }

    [TestMethod]
    [DataRow("image.txt")]
    [DataRow("image.bmp")]
    public void Saving_in_a_format_that_is_not_written_is_an_argument_error(string name)
    {
        using MLImage image = ImageRows.Image();
        Assert.ThrowsExactly<ArgumentException>(() => image.Save(Path.Combine(Path.GetTempPath(), name)));
    }

    [TestMethod]
    public void A_disposed_image_says_so()
    {
        MLImage image = ImageRows.Image();
        image.Dispose();
        image.Dispose();
        Assert.ThrowsExactly<InvalidOperationException>(() => image.Width);
        Assert.ThrowsExactly<InvalidOperationException>(() => image.Pixels.Length);
        Assert.ThrowsExactly<InvalidOperationException>(() => image.Tag);
    }
}
