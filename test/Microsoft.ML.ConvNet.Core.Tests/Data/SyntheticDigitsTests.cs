using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>The drawn digits.</summary>
[TestClass]
public sealed class SyntheticDigitsTests
{
    [TestMethod]
    public void A_digit_is_a_function_of_seed_and_number()
    {
        SyntheticDigits digits = new(1000, seed: 5);
        SyntheticDigits again = new(500, seed: 5);
        float[] late = Draw(digits, 321);
        _ = Draw(again, 7);
        CollectionAssert.AreEqual(late, Draw(again, 321));
        CollectionAssert.AreNotEqual(late, Draw(digits, 331));
        CollectionAssert.AreNotEqual(late, Draw(new SyntheticDigits(1000, seed: 6), 321));
    }

    [TestMethod]
    public void Many_threads_draw_what_one_draws()
    {
        SyntheticDigits digits = new(64, seed: 1);
        float[][] alone = [.. Enumerable.Range(0, 64).Select(i => Draw(digits, i))];
        Parallel.For(0, 64, i => CollectionAssert.AreEqual(alone[i], Draw(digits, i)));
    }

    [TestMethod]
    [DataRow(12)]
    [DataRow(28)]
    [DataRow(64)]
    public void Digits_are_white_on_black_at_any_size(int size)
    {
        SyntheticDigits digits = new(100, seed: 2, size);
        Assert.AreEqual(new Shape(size, size, 1), digits.Shape);
        for (int i = 0; i < digits.Count; i++)
        {
            float[] pixels = Draw(digits, i);
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
        SyntheticDigits digits = new(25);
        Assert.AreEqual(10, digits.ClassCount);
        Assert.IsTrue(Enumerable.Range(0, 25).All(i => digits.LabelOf(i) == i % 10));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => digits.LabelOf(25));
    }

    [TestMethod]
    public void The_nearest_mean_finds_most_classes_but_far_from_all()
    {
        SyntheticDigits training = new(2000, seed: 1);
        SyntheticDigits test = new(1000, seed: 2);
        double[][] means = [.. Enumerable.Range(0, 10).Select(_ => new double[training.Shape.ElementCount])];
        for (int i = 0; i < training.Count; i++)
        {
            float[] pixels = Draw(training, i);
            for (int p = 0; p < pixels.Length; p++)
            {
                means[training.LabelOf(i)][p] += pixels[p] * 10.0 / training.Count;
            }
        }

        int found = Enumerable.Range(0, test.Count).Count(i => Nearest(means, Draw(test, i)) == test.LabelOf(i));
        Assert.IsInRange(0.5, 0.9, found / (double)test.Count);
    }

    [TestMethod]
    public void Sizes_that_show_no_digit_are_refused()
    {
        Assert.Contains("Received: 8", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SyntheticDigits(1, 0, 8)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SyntheticDigits(0));
    }

    private static int Nearest(double[][] means, float[] pixels) => Enumerable.Range(0, means.Length).MinBy(label =>
    {
        double sum = 0;
        for (int p = 0; p < pixels.Length; p++)
        {
            double difference = pixels[p] - means[label][p];
            sum += difference * difference;
        }

        return sum;
    });

    private static float[] Draw(SyntheticDigits digits, int index)
    {
        float[] pixels = new float[digits.Shape.ElementCount];
        digits.ReadSample(index, pixels);
        return pixels;
    }
}
