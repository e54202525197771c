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

    // Pillow's numbers: shares in double, weights of 22 binary places, rows first, each rounded to a byte.
    [TestMethod]
    public void The_bits_are_those_of_whole_numbers_of_22_binary_places()
    {
        Random random = new(11);
        ImageResizing[] kinds = [ImageResizing.Fill, ImageResizing.Crop];
        for (int run = 0; run < 120; run++)
        {
            int Size() => random.Next(4) == 0 ? random.Next(1, 4) : random.Next(1, 70);
            (ImageResizing kind, int channels) = (kinds[run % 2], random.Next(1, 5));
            (int height, int width, int toHeight, int toWidth) = (Size(), Size(), Size(), Size());
            byte[] pixels = new byte[height * width * channels];
            random.NextBytes(pixels);
            CollectionAssert.AreEqual(
                Plain(kind, pixels, height, width, toHeight, toWidth, channels),
                Resize(kind, pixels, height, width, toHeight, toWidth, channels),
                $"{kind}: {height}x{width} to {toHeight}x{toWidth} with {channels} channels");
        }
    }

    [TestMethod]
    [DataRow(1_000_003, 1)]
    [DataRow(1, 1_000_003)]
    [DataRow(2, 600_011)]
    public void An_image_that_is_very_tall_or_wide_takes_no_memory_of_its_length(int height, int width)
    {
        byte[] pixels = new byte[height * width];
        new Random(3).NextBytes(pixels);
        for (int i = 0; i < pixels.Length; i++)
        {
            // Darker at one end, so that the results differ.
            pixels[i] = (byte)(pixels[i] * (long)i / pixels.Length);
        }

        byte[] resized = new byte[5 * 7];
        long before = GC.GetAllocatedBytesForCurrentThread();
        new ImageResizer(ImageResizing.Fill, [5, 7, 1]).Resize(pixels, height, width, resized);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        CollectionAssert.AreEqual(Plain(ImageResizing.Fill, pixels, height, width, 5, 7, 1), resized);
        Assert.IsLessThan(100_000, taken);
    }

    [TestMethod]
    public void One_resizer_serves_images_of_any_sizes_one_after_the_other()
    {
        ImageResizer resizer = new(ImageResizing.Fill, [6, 5, 3]);
        foreach ((int height, int width) in ((int, int)[])[(40, 30), (1, 1), (1, 300_000), (30, 40), (3, 2), (40, 30)])
        {
            byte[] pixels = new byte[height * width * 3];
            new Random(height).NextBytes(pixels);
            byte[] resized = new byte[6 * 5 * 3];
            resizer.Resize(pixels, height, width, resized);
            CollectionAssert.AreEqual(Plain(ImageResizing.Fill, pixels, height, width, 6, 5, 3), resized, $"{height}x{width}");
        }
    }

    private static byte[] Plain(ImageResizing kind, byte[] pixels, int height, int width, int toHeight, int toWidth, int channels)
    {
        if (height == toHeight && width == toWidth)
        {
            return pixels;
        }

        double scale = Math.Max((double)toHeight / height, (double)toWidth / width);
        (double boxHeight, double boxWidth) = kind == ImageResizing.Crop ? (toHeight / scale, toWidth / scale) : (height, width);
        byte[] rows = PlainLines(pixels, height, width, 1, boxWidth, toWidth, channels);
        return PlainLines(rows, 1, height, toWidth, boxHeight, toHeight, channels);
    }

    /// <summary>Resamples the middle axis of <c>[lines, length, inner, channels]</c>.</summary>
    private static byte[] PlainLines(byte[] values, int lines, int length, int inner, double box, int count, int channels)
    {
        int step = inner * channels;
        byte[] results = new byte[lines * count * step];
        double scale = box / count;
        double support = Math.Max(scale, 1);
        for (int number = 0; number < count; number++)
        {
            double centre = ((length - box) / 2) + ((number + 0.5) * scale);
            int first = Math.Max((int)(centre - support + 0.5), 0);
            int end = Math.Min((int)(centre + support + 0.5), length);
            double[] shares = [.. Enumerable.Range(first, end - first).Select(place => Math.Max(1 - Math.Abs((place - centre + 0.5) * (1 / support)), 0))];
            double all = shares.Aggregate(0.0, (sum, share) => sum + share);
            int[] weights = [.. shares.Select(share => (int)(0.5 + (share / all * (1 << 22))))];
            for (int i = 0; i < lines * step; i++)
            {
                (int line, int at) = (i / step, i % step);
                int sum = 1 << 21;
                for (int tap = 0; tap < weights.Length; tap++)
                {
                    sum += weights[tap] * values[(((line * length) + first + tap) * step) + at];
                }

                results[(((line * count) + number) * step) + at] = (byte)Math.Clamp(sum >> 22, 0, 255);
            }
        }

        return results;
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
