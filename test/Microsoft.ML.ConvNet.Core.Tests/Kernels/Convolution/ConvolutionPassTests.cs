using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Convolution.Direct;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Convolution;

/// <summary>How results are divided into tiles and tasks.</summary>
[TestClass]
public class ConvolutionPassTests
{
    private static readonly int[] ThreadCounts = [1, 2, 3, 5, 16];

    public static IEnumerable<object[]> Cases =>
    [
        .. new ConvolutionCase[]
        {
            new("large stride, many channels", 40, 640, 128, 64, 3, 3) { Stride = 16 },
            new("stride 32", 4, 3200, 96, 16, 1, 5) { Stride = 32 },
            new("dilated", 9, 400, 300, 40, 3, 3) { Dilation = 7, Padding = 7 },
            new("tall kernel", 260, 300, 32, 32, 250, 3),
            new("wide image", 5, 1001, 64, 70, 3, 3) { Padding = 1 },
            new("sequence", 1, 300, 200, 33, 1, 9) { Left = 4, Right = 4 },
            new("product", 1, 1, 1024, 1000, 1, 1),
            new("pointwise", 14, 14, 512, 100, 1, 1),
            new("pointwise, stride 2", 28, 28, 512, 100, 1, 1) { Stride = 2 },
            new("groups", 14, 14, 256, 256, 3, 3) { Padding = 1, Groups = 8 },
            new("small images", 3, 3, 16, 500, 3, 3) { Padding = 1 },
        }.Select(test => new object[] { test }),
    ];

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Each_result_is_in_one_tile_whose_window_has_room(ConvolutionCase test)
    {
        ConvolutionShape s = test.Shape().Canonical();
        ConvolutionGeometry forward = ConvolutionGeometry.Forward(s);
        foreach (int threads in ThreadCounts)
        {
            foreach (int batch in new[] { 1, 3, 40 })
            {
                AssertTiles(ConvolutionPass.Of(forward, batch), forward, 224, threads);
                for (int phase = 0; phase < Math.Min(3, ConvolutionGeometry.Phases(s)); phase++)
                {
                    ConvolutionGeometry gradient = ConvolutionGeometry.Gradient(s, phase);
                    if (gradient.Taps > 0)
                    {
                        AssertTiles(ConvolutionPass.Of(gradient, batch), gradient, 224, threads);
                    }
                }
            }
        }

        ConvolutionPass weights = ConvolutionPass.Of(forward, 5);
        weights.ReducesPixels = true;
        weights.ChannelBlock = Math.Min(weights.ChannelBlock, 256);
        AssertTiles(weights, forward, 448, 1);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Each_panel_of_each_tile_and_group_is_in_one_task(ConvolutionCase test)
    {
        ConvolutionGeometry geometry = ConvolutionGeometry.Forward(test.Shape().Canonical());
        foreach (int threads in ThreadCounts)
        {
            ConvolutionPass pass = ConvolutionPass.Of(geometry, 7);
            pass.Plan(224, threads);
            HashSet<(int Tile, int Group, int Panel)> seen = [];
            for (int task = 0; task < pass.Tasks; task++)
            {
                int first = pass.PanelTaskOf(task) * pass.PanelsPerTask;
                for (int panel = first; panel < Math.Min(first + pass.PanelsPerTask, pass.Geometry.Panels); panel++)
                {
                    Assert.IsTrue(seen.Add((pass.TileOf(task), pass.GroupOf(task), panel)), $"{threads} threads, task {task}");
                }
            }

            Assert.HasCount(pass.Tiles * geometry.Groups * geometry.Panels, seen);
        }
    }

    [TestMethod]
    public void Two_threads_get_shares_of_a_wide_matrix_that_differ_by_less_than_a_hundredth()
    {
        foreach ((int rows, int inputs, int outputs) in new[] { (1024, 1024, 1024), (256, 1568, 512), (300, 512, 2048) })
        {
            ConvolutionPass pass = ConvolutionPass.Of(ConvolutionGeometry.Forward(ConvolutionShape.Dense(inputs, outputs)), rows);
            pass.Plan(224, threads: 2);
            long[] shares = new long[2];
            for (int task = 0; task < pass.Tasks; task++)
            {
                int panels = Math.Min(pass.PanelsPerTask, pass.Geometry.Panels - (pass.PanelTaskOf(task) * pass.PanelsPerTask));
                shares[task < pass.Tasks / 2 ? 0 : 1] += (long)panels * pass.Tile(pass.TileOf(task)).Pixels;
            }

            Assert.IsTrue(Math.Abs(shares[0] - shares[1]) * 100 <= shares[0] + shares[1], $"{rows} rows: {shares[0]} and {shares[1]}");
        }
    }

    private static void AssertTiles(ConvolutionPass pass, ConvolutionGeometry geometry, int pixels, int threads)
    {
        pass.Plan(pixels, threads);
        int height = pass.Geometry.Rows.Count;
        int width = pass.Geometry.Columns.Count;
        byte[] covered = new byte[(long)pass.Images * height * width];
        nint room = ConvolutionPass.WindowLength(geometry);
        int channels = Math.Min(pass.ChannelBlock, pass.Geometry.Channels);
        for (int index = 0; index < pass.Tiles; index++)
        {
            ConvolutionTile tile = pass.Tile(index);
            Assert.IsGreaterThan(0, tile.Pixels, $"tile {index}");
            Assert.IsLessThanOrEqualTo(ConvolutionPass.MostTilePixels, tile.Pixels, $"pixels of tile {index}");
            for (int i = 0; i < tile.Pixels; i++)
            {
                int image = tile.Image + (i / tile.Columns / tile.Rows);
                int row = tile.Row + (i / tile.Columns % tile.Rows);
                covered[(((image * height) + row) * width) + tile.Column + (i % tile.Columns)]++;
            }

            nint window = (nint)tile.Images * ConvolutionWindowAxis.Of(pass.Geometry.Rows, tile.Rows).Length
                * ConvolutionWindowAxis.Of(pass.Geometry.Columns, tile.Columns).Length * pass.WindowPitch(channels);
            Assert.IsTrue(pass.IsDirect || window <= room, $"{threads} threads, tile {index}: {window} floats, room for {room}");
        }

        Assert.IsTrue(Array.TrueForAll(covered, count => count == 1), $"{threads} threads: each result in one tile");
    }

    [TestMethod]
    public unsafe void A_window_far_larger_than_its_source_is_multiplied_where_the_source_is_and_not_in_its_padding()
    {
        // The transposed convolution of 2x2 pixels by 300x300: each of the 301x301 results reads at most 4 of 90,000 taps.
        ConvolutionShape shape = new ConvolutionCase("300x300 from 301x301 to 2x2", 301, 301, 1, 1, 300, 300).Shape();
        ConvolutionPass pass = ConvolutionPass.Of(ConvolutionGeometry.Gradient(shape, phase: 0), batch: 1);
        pass.Plan(ConvolutionTasks.TilePixels, threads: 4);
        long products = 0;
        for (int i = 0; i < pass.Tiles; i++)
        {
            ConvolutionTile tile = pass.Tile(i);
            ConvolutionTaps taps = ConvolutionTaps.Of(&pass, tile);
            products += (long)tile.Pixels * taps.Rows * taps.Columns;
        }

        Assert.IsGreaterThanOrEqualTo(4L * 300 * 300, products, "Each tap meets each pixel of the source once.");
        Assert.IsLessThan(301L * 301 * 4 * 16, products);
    }
}
