#if MLNET_OFFLINE
using System.Buffers.Binary;
using Microsoft.ML.ConvNet.Tests.MLNet;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Offline;

[TestClass]
public sealed class DamagedImageTests
{
    private const int DataChunk = 33;

    [TestMethod]
    public void A_flipped_bit_anywhere_is_found()
    {
        byte[] png = PngBuilder.Rgb(3, 2, ImageRows.Rgb);
        for (int i = 0; i < png.Length; i++)
        {
            byte[] damaged = [.. png];
            damaged[i] ^= 0x10;
            Refused(damaged);
        }
    }

    [TestMethod]
    public void A_file_cut_off_anywhere_is_found()
    {
        byte[] png = PngBuilder.Rgb(3, 2, ImageRows.Rgb);
        for (int length = 0; length < png.Length; length++)
        {
            Refused(png[..length]);
        }
    }

    [TestMethod]
    public void A_wrong_CRC_is_named()
    {
        byte[] png = PngBuilder.Rgb(3, 2, ImageRows.Rgb);
        png[DataChunk + 10]++;
        Assert.Contains("the CRC of chunk 'IDAT' at byte 33 does not match", Refused(png));
    }

    [TestMethod]
    public void A_header_that_lies_about_the_size_takes_no_memory()
    {
        // Half a gibibyte of pixels out of a file of some 60 bytes.
        byte[] png = PngBuilder.Build(11000, 11000, 8, 6, [0, 1, 2, 3, 4]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("claims 11000 x 11000 pixels but holds only", Refused(png));
        Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DataRow(0, 5, "has no pixels")]
    [DataRow(1 << 30, 1 << 30, "too large")]
    [DataRow(-1, 5, "too large")]
    public void An_impossible_size_is_named(int width, int height, string expected)
    {
        Assert.Contains(expected, Refused(PngBuilder.Build(width, height, 8, 0, [0, 1])));
    }

    [TestMethod]
    [DataRow((byte)3, (byte)0)]
    [DataRow((byte)16, (byte)3)]
    [DataRow((byte)4, (byte)2)]
    [DataRow((byte)8, (byte)5)]
    public void A_color_type_with_a_bit_depth_it_does_not_have_is_named(byte bitDepth, byte colorType)
    {
        Assert.Contains($"colour type {colorType} with bit depth {bitDepth}", Refused(PngBuilder.Build(1, 1, bitDepth, colorType, [0, 1])));
    }

    [TestMethod]
    public void Image_data_that_end_early_or_use_an_unknown_filter_are_named()
    {
        Assert.Contains("ends before its last row", Refused(PngBuilder.Build(4, 4, 8, 0, [0, 1, 2, 3, 4])));
        Assert.Contains("unknown filter 9", Refused(PngBuilder.Build(1, 1, 8, 0, [9, 1])));
    }

    [TestMethod]
    public void A_palette_that_is_missing_or_too_short_is_named()
    {
        Assert.Contains("needs a palette", Refused(PngBuilder.Build(1, 1, 8, 3, [0, 1])));
        Assert.Contains(
            "colour 1 of a palette of 1", Refused(PngBuilder.Build(1, 1, 8, 3, [0, 1], false, PngBuilder.Chunk("PLTE", 1, 2, 3))));
    }

    [TestMethod]
    public void An_unknown_critical_chunk_and_a_second_header_are_named()
    {
        Assert.Contains("'ABCD'", Refused(PngBuilder.Build(1, 1, 8, 0, [0, 1], false, PngBuilder.Chunk("ABCD"))));
        Assert.Contains("two header chunks", Refused(PngBuilder.Build(1, 1, 8, 0, [0, 1], false, PngBuilder.Chunk("IHDR", new byte[13]))));
    }

    [TestMethod]
    public void An_empty_file_and_unknown_bytes_are_named()
    {
        Assert.Contains("the file is empty", Refused([]));
        Assert.Contains("Received: 68656C6C6F", Refused("hello"u8.ToArray()));
    }

    [TestMethod]
    [DataRow("FFD8FFE000104A46", "a JPEG image")]
    [DataRow("4749463839610100", "a GIF image")]
    [DataRow("52494646000000005745425056503820", "a WebP image")]
    public void Another_format_is_said_to_need_the_real_packages(string bytes, string name)
    {
        NotSupportedException error = Assert.ThrowsExactly<NotSupportedException>(
            () => MLImage.CreateFromStream(new MemoryStream(Convert.FromHexString(bytes))));
        Assert.Contains(name, error.Message);
        Assert.Contains("PNG and BMP", error.Message);
        Assert.Contains("real packages", error.Message);
    }

    [TestMethod]
    public void Saving_as_JPEG_is_said_to_need_the_real_packages()
    {
        using MLImage image = ImageRows.Image();
        NotSupportedException error = Assert.ThrowsExactly<NotSupportedException>(() => image.Save("image.jpg"));
        Assert.Contains("real packages", error.Message);
    }

    [TestMethod]
    public void A_bitmap_that_lies_or_is_cut_off_is_found()
    {
        byte[] bmp = BmpBuilder.Build(2, 2, 24, new byte[16]);
        Assert.Contains("holds", Refused(bmp[..^1]));
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), 1_000_000);
        Assert.Contains("claims", Refused(bmp));
        Assert.Contains("shorter than its headers", Refused(bmp[..30]));
        Assert.Contains("16 bits", Refused(BmpBuilder.Build(2, 2, 16, new byte[8])));
        Assert.Contains("compression 1", Refused(BmpBuilder.Build(2, 2, 8, new byte[8], compression: 1, paletteLength: 1)));
        Assert.Contains("colour 7 of a palette of 1", Refused(BmpBuilder.Build(1, 1, 8, [7, 0, 0, 0], paletteLength: 1)));
    }

    private static string Refused(byte[] file) =>
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream(file))).Message;
}
#endif
