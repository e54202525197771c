using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Tensors;

[TestClass]
public class ShapeTests
{
    [TestMethod]
    public void A_shape_says_its_dimensions()
    {
        Shape image = [28, 30, 3];
        Assert.AreEqual(3, image.Rank);
        Assert.AreEqual(28 * 30 * 3, image.ElementCount);
        Assert.AreEqual((28, 30, 3), (image.Height, image.Width, image.Channels));
        Assert.IsTrue(image.IsImage);
        Shape vector = [10];
        Assert.AreEqual((1, 1, 10), (vector.Height, vector.Width, vector.Channels));
        Assert.AreEqual(new Shape(2, 28, 30, 3), image.WithBatch(2));
    }

    [TestMethod]
    public void A_shape_spreads_into_its_dimensions()
    {
        Shape image = new(28, 30, 3);
        int[] dimensions = [.. image];
        CollectionAssert.AreEqual(new[] { 28, 30, 3 }, dimensions);
        Assert.AreEqual(new Shape(4, 28, 30, 3), [4, .. image]);
    }

    [TestMethod]
    public void Shapes_are_equal_when_their_dimensions_are()
    {
        Assert.AreEqual(new Shape(2, 3), new Shape(2, 3));
        Assert.IsTrue(new Shape(2, 3) == [2, 3]);
        Assert.IsTrue(new Shape(2, 3) != [3, 2]);
        Assert.AreEqual(new Shape(2, 3).GetHashCode(), new Shape(2, 3).GetHashCode());
        Assert.AreEqual(default, new Shape());
    }

    [TestMethod]
    public void Text_and_back()
    {
        Assert.AreEqual("28x28x1", new Shape(28, 28, 1).ToString());
        Assert.AreEqual(new Shape(28, 28, 1), Shape.Parse("28x28x1"));
        Assert.AreEqual(new Shape(7), Shape.Parse("7"));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("28x")]
    [DataRow("28x-1")]
    [DataRow("0x3")]
    [DataRow("28 x 28")]
    [DataRow("99999999999")]
    [DataRow("a")]
    public void Text_that_is_no_shape_is_refused_with_what_was_received(string text)
    {
        FormatException exception = Assert.ThrowsExactly<FormatException>(() => Shape.Parse(text));
        StringAssert.Contains(exception.Message, $"Received: \"{text}\".");
    }

    [TestMethod]
    public void Dimensions_below_one_and_products_beyond_an_array_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new Shape(3, 0));
        Assert.ThrowsExactly<ArgumentException>(() => new Shape(-1));
        Assert.ThrowsExactly<ArgumentException>(() => new Shape(65536, 65536));
        Assert.ThrowsExactly<ArgumentException>(() => new Shape(int.MaxValue, int.MaxValue, int.MaxValue));
        Assert.AreEqual(int.MaxValue, new Shape(int.MaxValue).ElementCount);
    }

    [TestMethod]
    public unsafe void A_tensor_is_zero_aligned_and_checked()
    {
        using Tensor tensor = new([3, 5]);
        Assert.IsTrue(tensor.Span.IndexOfAnyExcept(0f) < 0);
        Assert.AreEqual(15, tensor.Span.Length);
        Assert.AreEqual(0, (nint)tensor.Pointer % 64);
        Assert.ThrowsExactly<ArgumentException>(() => new Tensor([2], [1, 2, 3]));
        Tensor copy = new([2], [1, 2]);
        using Tensor clone = copy.Clone();
        copy.Span[0] = 9;
        Assert.AreEqual(1, clone.Span[0]);
        copy.Dispose();
        copy.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => copy.Span[0]);
    }
}
