#if MLNET_OFFLINE
using Microsoft.ML.ConvNet.Tests.MLNet;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Offline;

[TestClass]
public sealed class BmpDecodingTests
{
    // 1 x 2 pixels of 24 bits, each row padded to 4 bytes: blue, green, red.
    private static readonly byte[] First = [3, 2, 1, 0];
    private static readonly byte[] Second = [6, 5, 4, 0];

    [TestMethod]
    public void Rows_come_from_the_bottom_unless_the_height_is_negative()
    {
        byte[] expected = [1, 2, 3, 4, 5, 6];
        CollectionAssert.AreEqual(expected, RgbOf(BmpBuilder.Build(1, 2, 24, [.. Second, .. First])));
        CollectionAssert.AreEqual(expected, RgbOf(BmpBuilder.Build(1, -2, 24, [.. First, .. Second])));
    }

    [TestMethod]
    public void The_fourth_byte_of_32_bits_is_no_alpha()
    {
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4, 5, 6 }, RgbOf(BmpBuilder.Build(2, 1, 32, [3, 2, 1, 0, 6, 5, 4, 9])));
    }

    [TestMethod]
    [DataRow((short)8, new byte[] { 1, 2, 1, 0 })]
    [DataRow((short)4, new byte[] { 0x12, 0x10, 0, 0 })]
    public void Indices_name_palette_colors(short bitCount, byte[] row)
    {
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 2, 4, 6, 1, 2, 3 }, RgbOf(BmpBuilder.Build(3, 1, bitCount, row, paletteLength: 3)));
    }

    [TestMethod]
    public void One_bit_names_one_of_two_colors()
    {
        CollectionAssert.AreEqual(
            new byte[] { 1, 2, 3, 0, 0, 0, 1, 2, 3 }, RgbOf(BmpBuilder.Build(3, 1, 1, [0b1010_0000, 0, 0, 0], paletteLength: 2)));
    }

    [TestMethod]
    public void Bit_fields_say_where_the_colors_are()
    {
        byte[] bmp = BmpBuilder.Build(1, 1, 32, [1, 2, 3, 4], 3, 0, 0xFF, 0xFF00, 0xFF0000);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, RgbOf(bmp));
        using var image = MLImage.CreateFromStream(
            new MemoryStream(BmpBuilder.Build(1, 1, 32, [200, 100, 0, 51], 3, 0, 0xFF, 0xFF00, 0xFF0000, 0xFF000000)));
        CollectionAssert.AreEqual(new byte[] { 0, 20, 40, 51 }, image.Pixels.ToArray());
    }

    private static byte[] RgbOf(byte[] bmp)
    {
        using var image = MLImage.CreateFromStream(new MemoryStream(bmp));
        Assert.IsTrue(image.Pixels.ToArray().Where((_, i) => i % 4 == 3).All(alpha => alpha == 255));
        return ImageRows.RgbOf(image);
    }
}
#endif
