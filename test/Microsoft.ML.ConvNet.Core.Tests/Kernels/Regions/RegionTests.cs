using Microsoft.ML.ConvNet.Kernels.Regions;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Regions;

[TestClass]
public sealed unsafe class RegionTests
{
    private const int Height = 6;
    private const int Width = 8;

    // Rows of ten, columns of one.
    private static float Plane(int channel, double y, double x) => (float)((10 * y) + x + (100 * channel));

    [TestMethod]
    public void The_mean_of_samples_of_a_plane_is_the_plane_at_the_centre_of_the_bin()
    {
        foreach (int samples in new[] { 0, 1, 2, 5 })
        {
            float[] y = Align([1, 1, 5, 4], (2, 3), channels: 19, samples, aligned: true, isMaximum: false);
            for (int i = 0; i < y.Length; i++)
            {
                int c = i % 19;
                double centreX = 1 - 0.5 + (4.0 / 3 * ((i / 19 % 3) + 0.5));
                double centreY = 1 - 0.5 + (1.5 * ((i / 19 / 3) + 0.5));
                Assert.AreEqual(Plane(c, centreY, centreX), y[i], 2e-3, $"{samples} samples, element {i}");
            }
        }
    }

    [TestMethod]
    public void Without_alignment_a_box_is_at_least_a_pixel_and_starts_at_its_corner()
    {
        float[] y = Align([2, 3, 2, 3], (1, 1), channels: 1, samples: 1, aligned: false, isMaximum: false);
        Assert.AreEqual(Plane(0, 3.5, 2.5), y[0], 1e-4);
    }

    [TestMethod]
    public void The_maximum_is_that_of_the_weighted_neighbours()
    {
        // One sample at (2.25, 3.5) in rows and columns.
        float[] y = Align([3.5f, 2.25f, 4.5f, 3.25f], (1, 1), channels: 1, samples: 1, aligned: true, isMaximum: true);
        Assert.AreEqual(0.75 * 0.5 * Plane(0, 2, 4), y[0], 1e-4);
    }

    [TestMethod]
    [DataRow(new[] { -50f, -50f, -20f, -20f }, false)]
    [DataRow(new[] { 4f, 4f, 1f, 1f }, false)]
    [DataRow(new[] { 3f, 3f, 3f, 3f }, true)]
    public void Boxes_without_samples_inside_give_zero(float[] box, bool isMaximum)
    {
        float[] y = Align(box, (2, 2), channels: 17, samples: 0, aligned: true, isMaximum);
        Assert.IsTrue(y.All(value => value == 0));
    }

    [TestMethod]
    [DataRow(new[] { float.NaN, float.NegativeInfinity, float.PositiveInfinity, float.NaN })]
    [DataRow(new[] { -1e30f, -1e30f, 1e30f, 1e30f })]
    [DataRow(new[] { 0f, 0f, 1e9f, 3f })]
    public void Boxes_beyond_all_bounds_end_soon_and_inside_the_memory(float[] box)
    {
        foreach (bool isMaximum in new[] { false, true })
        {
            Assert.IsTrue(Align(box, (2, 2), channels: 5, samples: 0, aligned: false, isMaximum).All(float.IsFinite));
            Assert.IsTrue(Align(box, (2, 2), channels: 5, samples: 3, aligned: true, isMaximum).All(float.IsFinite));
        }

        Assert.IsTrue(Pool(box, (3, 2), channels: 5).Values.All(float.IsFinite));
    }

    [TestMethod]
    public void Region_pooling_takes_the_last_pixel_of_each_bin_of_a_rising_plane()
    {
        // Columns 2 to 6, rows 1 to 4: bins of columns [2, 5) and [4, 7), of rows [1, 3) and [3, 5).
        (float[] y, int[] positions) = Pool([1.6f, 1.4f, 5.5f, 4.4f], (2, 2), channels: 1);
        CollectionAssert.AreEqual(new[] { Plane(0, 2, 4), Plane(0, 2, 6), Plane(0, 4, 4), Plane(0, 4, 6) }, y);
        CollectionAssert.AreEqual(new[] { 20, 22, 36, 38 }, positions);
    }

    [TestMethod]
    public void Region_pooling_gives_zero_and_no_position_outside_the_image()
    {
        (float[] y, int[] positions) = Pool([-9, -9, -5, -5], (2, 1), channels: 18);
        Assert.IsTrue(y.All(value => value == 0));
        Assert.IsTrue(positions.All(position => position == -1));
    }

    [TestMethod]
    public void The_gradient_of_a_mean_spreads_all_of_it_and_adds_to_what_is_there()
    {
        RoiShape shape = new(Height, Width, 37, 2, 2, 3, 1);
        float[] gradient = GuardedFloats.Uniform(4, (int)shape.OutputLength);
        using GuardedFloats boxes = new([1, 1, 5, 4, 2, 0.5f, 6, 5]);
        using GuardedFloats dy = new(gradient);
        using GuardedFloats dx = new((int)shape.InputLength, fill: 0.5f);
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        RoiAlignment.Backward(gang, shape, 0, true, false, 1, boxes.Pointer, dy.Pointer, null, dx.Pointer, accumulate: true);
        for (int c = 0; c < shape.Channels; c++)
        {
            double given = gradient.Where((_, i) => i % shape.Channels == c).Sum(value => (double)value);
            double spread = dx.Values.ToArray().Where((_, i) => i % shape.Channels == c).Sum(value => value - 0.5);
            Assert.AreEqual(given, spread, 1e-5, $"channel {c}");
        }
    }

    private static float[] Align(
        float[] box, (int Height, int Width) output, int channels, int samples, bool aligned, bool isMaximum)
    {
        RoiShape shape = new(Height, Width, channels, 1, output.Height, output.Width, 1);
        using GuardedFloats x = new(Features(channels));
        using GuardedFloats boxes = new(box);
        using GuardedFloats y = new((int)shape.OutputLength);
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        RoiAlignment.Forward(gang, shape, samples, aligned, isMaximum, 1, x.Pointer, boxes.Pointer, y.Pointer, null);
        return y.Values.ToArray();
    }

    private static (float[] Values, int[] Positions) Pool(float[] box, (int Height, int Width) output, int channels)
    {
        RoiShape shape = new(Height, Width, channels, 1, output.Height, output.Width, 1);
        using GuardedFloats x = new(Features(channels));
        using GuardedFloats boxes = new(box);
        using GuardedFloats y = new((int)shape.OutputLength);
        using GuardedFloats indices = new((int)shape.OutputLength);
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        RoiPooling.Forward(gang, shape, 1, x.Pointer, boxes.Pointer, y.Pointer, (int*)indices.Pointer);
        return (y.Values.ToArray(), indices.Bits.ToArray());
    }

    private static float[] Features(int channels) =>
        [.. Enumerable.Range(0, Height * Width * channels).Select(i => Plane(i % channels, i / channels / Width, i / channels % Width))];
}
