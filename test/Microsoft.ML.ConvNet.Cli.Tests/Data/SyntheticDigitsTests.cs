using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Cli.Tests.Data;

/// <summary>The drawn digits.</summary>
[TestClass]
public sealed class SyntheticDigitsTests
{
    [TestMethod]
    public void A_digit_is_a_function_of_seed_and_number()
    {
        SyntheticDigits digits = new(1000, seed: 5);
        SyntheticDigits again = new(500, seed: 5);
        byte[] late = digits.Draw(321);
        _ = again.Draw(7);
        CollectionAssert.AreEqual(late, again.Draw(321));
        CollectionAssert.AreNotEqual(late, digits.Draw(331));
        CollectionAssert.AreNotEqual(late, new SyntheticDigits(1000, seed: 6).Draw(321));
    }

    [TestMethod]
    public void Many_threads_draw_what_one_draws()
    {
        SyntheticDigits digits = new(64, seed: 1);
        byte[][] alone = [.. Enumerable.Range(0, 64).Select(digits.Draw)];
        Parallel.For(0, 64, i => CollectionAssert.AreEqual(alone[i], digits.Draw(i)));
    }

    [TestMethod]
    [DataRow(12)]
    [DataRow(28)]
    [DataRow(64)]
    public void Digits_are_white_on_black_at_any_size(int size)
    {
        float[] pixels = new float[size * size];
        for (int i = 0; i < 100; i++)
        {
            DigitDrawing.Draw(seed: 2, i, SyntheticDigits.DigitOf(i), new StrokeCanvas(pixels, size));
            Assert.IsTrue(pixels.All(pixel => pixel is >= 0 and <= 255));
            Assert.IsGreaterThan(100, pixels.Max());
            // Ink covers part of the image, and lies where the image is.
            double ink = pixels.Count(pixel => pixel > 100) / (double)pixels.Length;
            Assert.IsInRange(0.005, 0.5, ink, $"digit {i}");
        }
    }

    [TestMethod]
    public void The_classes_take_turns()
    {
        using InMemoryDataset digits = new SyntheticDigits(25, seed: 0).ToDataset();
        Assert.AreEqual(10, digits.ClassCount);
        Assert.AreEqual(25, digits.Count);
        Assert.IsTrue(Enumerable.Range(0, 25).All(i => digits.LabelOf(i) == i % 10));
        float[] pixels = new float[28 * 28];
        digits.ReadSample(24, pixels);
        CollectionAssert.AreEqual(new SyntheticDigits(25, seed: 0).Draw(24), Array.ConvertAll(pixels, pixel => (byte)pixel));
    }

    [TestMethod]
    public void The_nearest_mean_finds_most_classes_but_far_from_all()
    {
        SyntheticDigits training = new(2000, seed: 1);
        SyntheticDigits test = new(1000, seed: 2);
        double[][] means = [.. Enumerable.Range(0, 10).Select(_ => new double[28 * 28])];
        for (int i = 0; i < training.Count; i++)
        {
            byte[] pixels = training.Draw(i);
            for (int p = 0; p < pixels.Length; p++)
            {
                means[i % 10][p] += pixels[p] * 10.0 / training.Count;
            }
        }

        int found = Enumerable.Range(0, test.Count).Count(i => Nearest(means, test.Draw(i)) == i % 10);
        Assert.IsInRange(0.5, 0.9, found / (double)test.Count);
    }

    private static int Nearest(double[][] means, byte[] pixels) => Enumerable.Range(0, means.Length).MinBy(label =>
    {
        double sum = 0;
        for (int p = 0; p < pixels.Length; p++)
        {
            double difference = pixels[p] - means[label][p];
            sum += difference * difference;
        }

        return sum;
    });
}
