using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>Images that are brought to another size.</summary>
[TestClass]
public sealed class ImageResizerTests
{
    // Pixel i of the result lies at (i + 0.5) / 2 of the line: 0.25, 0.75, 1.25, 1.75, and the centres of the two at 0.5 and 1.5, so that the two in the
    // middle are a quarter of one and three of the other.
    [TestMethod]
    public void A_line_of_two_pixels_becomes_one_of_four_by_interpolation()
    {
        CollectionAssert.AreEqual((byte[])[0, 50, 150, 200], Resize(ImageResizing.Fill, [0, 200], 1, 2, 1, 4));
        CollectionAssert.AreEqual((byte[])[0, 50, 150, 200], Resize(ImageResizing.Fill, [0, 200], 2, 1, 4, 1));
    }

    // A pixel of half the size is a triangle over four: centres at 0.5, 1.5, 2.5 and 3.5 of 0 to 4, the first at 1, which reaches from -1 to 3 and weighs
    // 0.75, 0.75 and 0.25, of 1.75.
    [TestMethod]
    public void A_line_that_shrinks_is_the_mean_weighted_by_a_triangle()
    {
        byte[] line = [7, 70, 175, 35];
        byte[] expected = [(byte)Math.Round(((0.75 * 7) + (0.75 * 70) + (0.25 * 175)) / 1.75), (byte)Math.Round(((0.25 * 70) + (0.75 * 175) + (0.75 * 35)) / 1.75)];
        CollectionAssert.AreEqual(expected, Resize(ImageResizing.Fill, line, 1, 4, 1, 2));
    }

    [TestMethod]
    public void A_crop_leaves_out_as_much_at_either_side()
    {
        byte[] line = [200, 10, 20, 30, 200, 200, 11, 21, 31, 200];
        CollectionAssert.AreEqual((byte[])[10, 20, 30, 11, 21, 31], Resize(ImageResizing.Crop, line, 2, 5, 2, 3));
    }

    [TestMethod]
    public void A_padded_image_lies_in_the_middle_of_the_ground() => CollectionAssert.AreEqual(
        (byte[])[9, 9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9], Resize(ImageResizing.Pad, [1, 2, 3, 4, 5, 6, 7, 8], 2, 4, 4, 4, ground: 9));

    [TestMethod]
    [DataRow(ImageResizing.Fill, 31, 17, 12, 20)]
    [DataRow(ImageResizing.Crop, 31, 17, 12, 20)]
    [DataRow(ImageResizing.Crop, 9, 40, 32, 24)]
    [DataRow(ImageResizing.Fill, 5, 64, 24, 7)]
    public void Each_channel_is_within_a_step_of_the_formula(ImageResizing kind, int height, int width, int toHeight, int toWidth)
    {
        const int channels = 3;
        byte[] pixels = new byte[height * width * channels];
        new Random(5).NextBytes(pixels);
        byte[] received = Resize(kind, pixels, height, width, toHeight, toWidth, channels);
        double scale = Math.Max((double)toHeight / height, (double)toWidth / width);
        (double boxHeight, double boxWidth) = kind == ImageResizing.Crop ? (toHeight / scale, toWidth / scale) : (height, width);
        for (int i = 0; i < received.Length; i++)
        {
            (int y, int x, int channel) = (i / channels / toWidth, i / channels % toWidth, i % channels);
            double expected = 0;
            foreach ((int row, double rowShare) in Shares(height, boxHeight, toHeight, y))
            {
                foreach ((int column, double share) in Shares(width, boxWidth, toWidth, x))
                {
                    expected += rowShare * share * pixels[(((row * width) + column) * channels) + channel];
                }
            }

            // Rounded behind the rows and behind the columns.
            Assert.AreEqual(expected, received[i], 1.01, $"{y}, {x}, {channel}");
        }
    }

    [TestMethod]
    public void An_image_of_the_size_stays_as_it_is_and_another_is_refused_where_none_is_resized()
    {
        CollectionAssert.AreEqual((byte[])[1, 2, 3, 4], Resize(ImageResizing.None, [1, 2, 3, 4], 2, 2, 2, 2));
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => Resize(ImageResizing.None, [1, 2, 3, 4], 1, 4, 2, 2));
        StringAssert.Contains(error.Message, "Images are of 2x2 (height x width). Received: 1x4.");
    }

    /// <summary>Which pixels of a line one of the result is made of, and their shares, as the formula has it.</summary>
    private static (int Place, double Share)[] Shares(int length, double box, int count, int number)
    {
        double scale = box / count;
        double radius = Math.Max(scale, 1);
        double centre = ((length - box) / 2) + ((number + 0.5) * scale);
        double[] weights = [.. Enumerable.Range(0, length).Select(place => Math.Max(0, 1 - (Math.Abs(place + 0.5 - centre) / radius)))];
        return [.. weights.Select((weight, place) => (place, weight / weights.Sum()))];
    }

    private static byte[] Resize(
        ImageResizing kind, byte[] pixels, int height, int width, int toHeight, int toWidth, int channels = 1, byte ground = 0)
    {
        byte[] resized = new byte[toHeight * toWidth * channels];
        new ImageResizer(kind, [toHeight, toWidth, channels], ground).Resize(pixels, height, width, resized);
        return resized;
    }
}
