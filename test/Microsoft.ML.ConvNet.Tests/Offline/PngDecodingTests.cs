#if MLNET_OFFLINE
using Microsoft.ML.ConvNet.Tests.MLNet;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Offline;

[TestClass]
public sealed class PngDecodingTests
{
    private const byte Grayscale = 0;
    private const byte Truecolor = 2;
    private const byte Indexed = 3;
    private const byte GrayscaleWithAlpha = 4;
    private const byte TruecolorWithAlpha = 6;

    [TestMethod]
    [DataRow(3, (byte)1, new byte[] { 0b1010_0000 }, new byte[] { 255, 0, 255 })]
    [DataRow(4, (byte)2, new byte[] { 0b0001_1011 }, new byte[] { 0, 85, 170, 255 })]
    [DataRow(3, (byte)4, new byte[] { 0x0F, 0x80 }, new byte[] { 0, 255, 136 })]
    [DataRow(2, (byte)8, new byte[] { 7, 200 }, new byte[] { 7, 200 })]
    [DataRow(3, (byte)16, new byte[] { 0xFF, 0xFF, 0x80, 0x80, 0, 0 }, new byte[] { 255, 128, 0 })]
    public void Gray_of_every_bit_depth_is_scaled_to_bytes(int width, byte bitDepth, byte[] row, byte[] expected)
    {
        CollectionAssert.AreEqual(expected, GrayOf(PngBuilder.Build(width, 1, bitDepth, Grayscale, [0, .. row])));
    }

    [TestMethod]
    public void Truecolor_of_16_bits_is_scaled_to_bytes()
    {
        byte[] png = PngBuilder.Build(1, 1, 16, Truecolor, [0, 0xFF, 0xFF, 0x80, 0x80, 0x40, 0x40]);
        CollectionAssert.AreEqual(new byte[] { 64, 128, 255, 255 }, PixelsOf(png));
    }

    [TestMethod]
    public void Gray_with_alpha_of_8_and_16_bits_is_premultiplied()
    {
        // 255 x 51 / 255 = 51.
        byte[] expected = [51, 51, 51, 51];
        CollectionAssert.AreEqual(expected, PixelsOf(PngBuilder.Build(1, 1, 8, GrayscaleWithAlpha, [0, 255, 51])));
        CollectionAssert.AreEqual(expected, PixelsOf(PngBuilder.Build(1, 1, 16, GrayscaleWithAlpha, [0, 255, 255, 51, 51])));
    }

    [TestMethod]
    public void Truecolor_with_alpha_of_16_bits_is_premultiplied()
    {
        // Red 255 x 85 / 255 = 85, green 128 x 85 / 255 = 42.67, blue 0.
        byte[] png = PngBuilder.Build(1, 1, 16, TruecolorWithAlpha, [0, 255, 255, 128, 128, 0, 0, 85, 85]);
        CollectionAssert.AreEqual(new byte[] { 0, 43, 85, 85 }, PixelsOf(png));
    }

    [TestMethod]
    [DataRow((byte)1, new byte[] { 0b0110_0000 })]
    [DataRow((byte)2, new byte[] { 0b0001_0100 })]
    [DataRow((byte)4, new byte[] { 0x01, 0x10 })]
    [DataRow((byte)8, new byte[] { 0, 1, 1 })]
    public void Indices_of_every_bit_depth_name_palette_colors(byte bitDepth, byte[] row)
    {
        byte[] palette = PngBuilder.Chunk("PLTE", 1, 2, 3, 200, 100, 50);
        byte[] pixels = PixelsOf(PngBuilder.Build(3, 1, bitDepth, Indexed, [0, .. row], false, palette));
        CollectionAssert.AreEqual(new byte[] { 3, 2, 1, 255, 50, 100, 200, 255, 50, 100, 200, 255 }, pixels);
    }

    [TestMethod]
    public void Palette_colors_have_the_alphas_of_the_transparency_chunk_as_far_as_it_goes()
    {
        byte[] palette = PngBuilder.Chunk("PLTE", 10, 20, 30, 40, 50, 60);
        byte[] png = PngBuilder.Build(2, 1, 8, Indexed, [0, 0, 1], false, palette, PngBuilder.Chunk("tRNS", 0));
        CollectionAssert.AreEqual(new byte[] { 0, 0, 0, 0, 60, 50, 40, 255 }, PixelsOf(png));
    }

    [TestMethod]
    public void The_color_of_the_transparency_chunk_is_transparent()
    {
        byte[] gray = PngBuilder.Build(2, 1, 4, Grayscale, [0, 0x3F], false, PngBuilder.Chunk("tRNS", 0, 3));
        CollectionAssert.AreEqual(new byte[] { 0, 0, 0, 0, 255, 255, 255, 255 }, PixelsOf(gray));
        byte[] color = PngBuilder.Build(2, 1, 8, Truecolor, [0, 1, 2, 3, 1, 2, 4], false, PngBuilder.Chunk("tRNS", 0, 1, 0, 2, 0, 3));
        CollectionAssert.AreEqual(new byte[] { 0, 0, 0, 0, 4, 2, 1, 255 }, PixelsOf(color));
    }

    [TestMethod]
    [DataRow((byte)0, new byte[] { 15, 25, 50 })]
    [DataRow((byte)1, new byte[] { 15, 10, 25 })] // less the left: 15 - 0, 25 - 15, 50 - 25
    [DataRow((byte)2, new byte[] { 5, 5, 20 })] //   less the above: 15 - 10, 25 - 20, 50 - 30
    [DataRow((byte)3, new byte[] { 10, 8, 23 })] //  less their mean: 15 - 5, 25 - 17, 50 - 27
    [DataRow((byte)4, new byte[] { 5, 5, 20 })] //   less the Paeth predictor, here always the above
    public void Every_row_filter_is_undone(byte filter, byte[] row)
    {
        byte[] png = PngBuilder.Build(3, 2, 8, Grayscale, [0, 10, 20, 30, filter, .. row]);
        CollectionAssert.AreEqual(new byte[] { 10, 20, 30, 15, 25, 50 }, GrayOf(png));
    }

    [TestMethod]
    public void The_Paeth_filter_takes_whichever_neighbor_is_nearest()
    {
        // Second pixel: left 10, above 30, upper left 20: 10 + 30 - 20 is the upper left, 77 - 20 = 57.
        // Third: left 77, above 40, upper left 30: 87 is nearest to the left, 70 - 77 = 249 modulo 256.
        byte[] png = PngBuilder.Build(3, 2, 8, Grayscale, [0, 20, 30, 40, 4, 246, 57, 249]);
        CollectionAssert.AreEqual(new byte[] { 20, 30, 40, 10, 77, 70 }, GrayOf(png));
    }

    [TestMethod]
    [DataRow(8, 8)]
    [DataRow(1, 1)]
    [DataRow(3, 5)]
    [DataRow(9, 2)]
    public void An_interlaced_image_is_put_together(int width, int height)
    {
        // ISO/IEC 15948:2004, 8.2: the number of the pass of each pixel of an 8 x 8 block.
        string[] passes = ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];
        byte Value(int x, int y) => (byte)(16 * y + x);
        var scanlines = new List<byte>();
        for (char pass = '1'; pass <= '7'; pass++)
        {
            for (int y = 0; y < height; y++)
            {
                int[] columns = [.. Enumerable.Range(0, width).Where(x => passes[y % 8][x % 8] == pass)];
                if (columns.Length > 0)
                {
                    scanlines.Add(0);
                    scanlines.AddRange(columns.Select(x => Value(x, y)));
                }
            }
        }

        byte[] expected = [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) select Value(x, y)];
        CollectionAssert.AreEqual(expected, GrayOf(PngBuilder.Build(width, height, 8, Grayscale, [.. scanlines], interlaced: true)));
    }

    [TestMethod]
    public void Chunks_that_do_not_matter_are_passed_over()
    {
        byte[] text = PngBuilder.Chunk("tEXt", 65, 0, 66);
        byte[] png = PngBuilder.Build(1, 1, 8, Grayscale, [0, 9], false, text, PngBuilder.Chunk("gAMA", 0, 0, 1, 1));
        CollectionAssert.AreEqual(new byte[] { 9 }, GrayOf(png));
    }

    [TestMethod]
    public void An_image_with_alpha_survives_saving()
    {
        using var folder = new TestFolder();
        using var image = MLImage.CreateFromStream(new MemoryStream(PngBuilder.Rgba(2, 1, 200, 100, 0, 51, 9, 8, 7, 255)));
        string path = Path.Combine(folder.Path, "image.png");
        image.Save(path);
        using var loaded = MLImage.CreateFromFile(path);
        CollectionAssert.AreEqual(image.Pixels.ToArray(), loaded.Pixels.ToArray());
    }

    [TestMethod]
    public void A_large_noisy_image_survives_saving()
    {
        using var folder = new TestFolder();
        var pixels = new byte[301 * 203 * 4];
        new Random(1).NextBytes(pixels);
        for (int i = 3; i < pixels.Length; i += 4)
        {
            pixels[i] = 255;
        }

        using var image = MLImage.CreateFromPixels(301, 203, MLPixelFormat.Bgra32, pixels);
        string path = Path.Combine(folder.Path, "image.png");
        image.Save(path);
        using var loaded = MLImage.CreateFromFile(path);
        CollectionAssert.AreEqual(pixels, loaded.Pixels.ToArray());
    }

    private static byte[] PixelsOf(byte[] png)
    {
        using var image = MLImage.CreateFromStream(new MemoryStream(png));
        Assert.AreEqual(MLPixelFormat.Bgra32, image.PixelFormat);
        return image.Pixels.ToArray();
    }

    private static byte[] GrayOf(byte[] png)
    {
        byte[] pixels = PixelsOf(png);
        Assert.IsTrue(pixels.Chunk(4).All(pixel => pixel[0] == pixel[1] && pixel[1] == pixel[2] && pixel[3] == 255));
        return [.. pixels.Where((_, i) => i % 4 == 0)];
    }
}
#endif
