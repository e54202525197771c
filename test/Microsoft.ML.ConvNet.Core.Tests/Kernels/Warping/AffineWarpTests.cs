using Microsoft.ML.ConvNet.Kernels.Warping;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Warping;

/// <summary>Warps against permutations, which are exact, and against the definition in double.</summary>
[TestClass]
public sealed unsafe class AffineWarpTests
{
    private const float Fill = 77;

    public static IEnumerable<object[]> Sizes => [[1, 1, 1], [5, 7, 1], [6, 16, 3], [9, 33, 3], [4, 21, 5]];

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void The_identity_gives_the_image(int height, int width, int channels)
    {
        float[] image = GuardedFloats.Uniform(1, height * width * channels, 0, 255);
        foreach (string border in WarpOracle.Borders)
        {
            CollectionAssert.AreEqual(image, Warp(image, height, width, channels, AffineMap.Identity, border, isNearest: false));
            CollectionAssert.AreEqual(image, Warp(image, height, width, channels, AffineMap.Identity, border, isNearest: true));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Flips_exchange_pixels(int height, int width, int channels)
    {
        float[] image = GuardedFloats.Uniform(2, height * width * channels, 0, 255);
        AffineMap map = AffineMap.Scale(-1, 1).Around((width - 1) / 2.0, (height - 1) / 2.0);
        AssertMoved(image, height, width, channels, map, (row, column) => (row, width - 1 - column));
        map = AffineMap.Scale(1, -1).Around((width - 1) / 2.0, (height - 1) / 2.0);
        AssertMoved(image, height, width, channels, map, (row, column) => (height - 1 - row, column));
    }

    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(-3, 2)]
    [DataRow(0, -4)]
    public void Shifts_by_whole_pixels_move_pixels(int right, int down)
    {
        foreach (int channels in (int[])[1, 3])
        {
            float[] image = GuardedFloats.Uniform(3, 8 * 19 * channels, 0, 255);
            AssertMoved(image, 8, 19, channels, AffineMap.Shift(right, down), (row, column) => (row - down, column - right));
        }
    }

    [TestMethod]
    [DataRow(7)]
    [DataRow(20)]
    public void Quarter_turns_exchange_pixels(int side)
    {
        float[] image = GuardedFloats.Uniform(4, side * side * 3, 0, 255);
        double middle = (side - 1) / 2.0;
        AssertMoved(image, side, side, 3, AffineMap.Rotation(90).Around(middle, middle), (row, column) => (side - 1 - column, row));
        AssertMoved(image, side, side, 3, AffineMap.Rotation(180).Around(middle, middle), (row, column) => (side - 1 - row, side - 1 - column));
        AssertMoved(image, side, side, 3, AffineMap.Rotation(-90).Around(middle, middle), (row, column) => (column, side - 1 - row));
        AssertMoved(image, side, side, 3, AffineMap.Rotation(270).Around(middle, middle), (row, column) => (column, side - 1 - row));
    }

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Any_map_gives_what_the_definition_gives(int height, int width, int channels)
    {
        float[] image = GuardedFloats.Uniform(5, height * width * channels, 0, 255);
        foreach (AffineMap map in Maps(height, width))
        {
            foreach (string border in WarpOracle.Borders)
            {
                foreach (bool isNearest in (bool[])[false, true])
                {
                    float[] received = Warp(image, height, width, channels, map, border, isNearest);
                    for (int i = 0; i < received.Length; i++)
                    {
                        double[] expected = WarpOracle.Values(image, height, width, channels, map, border, isNearest, Fill, i);
                        Assert.IsTrue(
                            expected.Any(value => Math.Abs(value - received[i]) < 0.02),
                            $"{map}, {border}, {isNearest}, value {i}: {string.Join(" or ", expected)}. Received: {received[i]}.");
                    }
                }
            }
        }
    }

    // No step is fused, so the arithmetic of float written down one by one gives the bits of every tier.
    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void The_bits_are_those_of_float_arithmetic_step_by_step(int height, int width, int channels)
    {
        float[] image = GuardedFloats.Uniform(6, height * width * channels, 0, 255);
        foreach (AffineMap map in Maps(height, width))
        {
            float[] received = Warp(image, height, width, channels, map, "wrap", isNearest: false);
            for (int i = 0; i < received.Length; i++)
            {
                float expected = WarpOracle.InFloat(image, height, width, channels, map, i);
                Assert.AreEqual(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(received[i]), $"{map}, value {i}");
            }
        }
    }

    [TestMethod]
    public void Pixels_from_beyond_all_bounds_are_fill_or_some_of_the_image()
    {
        float[] image = GuardedFloats.Uniform(7, 5 * 18, 0, 255);
        foreach (AffineMap map in (AffineMap[])[AffineMap.Scale(1e-12, 1e-12), AffineMap.Shift(1e30, -1e30), AffineMap.Shear(1e20, 0)])
        {
            foreach (string border in WarpOracle.Borders)
            {
                Assert.IsTrue(Warp(image, 5, 18, 1, map, border, isNearest: true).All(value => value == Fill || image.Contains(value)));
                Assert.IsTrue(Warp(image, 5, 18, 1, map, border, isNearest: false).All(value => value is >= 0 and <= 255));
            }
        }
    }

    [TestMethod]
    public void What_is_done_first_comes_first()
    {
        // A pixel at (2, 1) that is moved to (5, 1), and then turned around (0, 0) by a quarter: (-1, 5).
        AffineMap map = AffineMap.Shift(3, 0).Then(AffineMap.Rotation(90));
        Assert.AreEqual((2.0, 1.0), ((map.A * -1) + (map.B * 5) + map.C, (map.D * -1) + (map.E * 5) + map.F));

        // Rows move to the right by twice their number: (2, 1) goes to (4, 1).
        map = AffineMap.Shear(2, 0);
        Assert.AreEqual((2.0, 1.0), ((map.A * 4) + (map.B * 1) + map.C, (map.D * 4) + (map.E * 1) + map.F));
    }

    private static AffineMap[] Maps(int height, int width)
    {
        double x = (width - 1) / 2.0;
        double y = (height - 1) / 2.0;
        return
        [
            AffineMap.Rotation(17.3).Around(x, y),
            AffineMap.Scale(0.31, 2.7).Around(x, y),
            AffineMap.Shift(0.37, -1.81),
            AffineMap.Shear(0.43, 0.11).Around(x, y).Then(AffineMap.Rotation(-128)),
            AffineMap.Shift(100.3, -70.6),
        ];
    }

    private static void AssertMoved(
        float[] image, int height, int width, int channels, AffineMap map, Func<int, int, (int Row, int Column)> from)
    {
        foreach (bool isNearest in (bool[])[false, true])
        {
            float[] received = Warp(image, height, width, channels, map, "constant", isNearest);
            for (int i = 0; i < received.Length; i++)
            {
                (int row, int column) = from(i / channels / width, i / channels % width);
                bool isInside = row >= 0 && row < height && column >= 0 && column < width;
                float expected = isInside ? image[(((row * width) + column) * channels) + (i % channels)] : Fill;
                Assert.AreEqual(expected, received[i], $"value {i}, nearest {isNearest}");
            }
        }
    }

    private static float[] Warp(float[] image, int height, int width, int channels, AffineMap map, string border, bool isNearest)
    {
        using GuardedFloats x = new(image);
        using GuardedFloats y = new(image.Length, float.NaN);
        using GuardedFloats scratch = new(AffineWarp.ScratchLength(width, channels));
        switch (border)
        {
            case "constant":
                AffineWarp.Run<ConstantBorder>(height, width, channels, map, isNearest, Fill, x.Pointer, y.Pointer, scratch.Pointer);
                break;
            case "reflect":
                AffineWarp.Run<ReflectBorder>(height, width, channels, map, isNearest, Fill, x.Pointer, y.Pointer, scratch.Pointer);
                break;
            case "wrap":
                AffineWarp.Run<WrapBorder>(height, width, channels, map, isNearest, Fill, x.Pointer, y.Pointer, scratch.Pointer);
                break;
            default:
                AffineWarp.Run<NearestBorder>(height, width, channels, map, isNearest, Fill, x.Pointer, y.Pointer, scratch.Pointer);
                break;
        }

        x.AssertSameBits(image, "the image");
        return y.Values.ToArray();
    }
}
