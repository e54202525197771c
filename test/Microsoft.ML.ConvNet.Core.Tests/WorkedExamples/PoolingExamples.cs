using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static Microsoft.ML.ConvNet.Core.Tests.WorkedExamples.Computation;

namespace Microsoft.ML.ConvNet.Core.Tests.WorkedExamples;

[TestClass]
public class PoolingExamples
{
    private const string Image = "2 2 7 3 / 9 4 6 1 / 8 5 2 4 / 3 1 2 6";

    [TestMethod]
    public void Example_8_average_and_maximum_of_2x2_windows()
    {
        AssertNumbers("4.25 4.25 / 4.25 3.5", Run(Network.Input(4, 4, 1).AvgPool(2), Rows(Image)));
        AssertNumbers("9 7 / 8 6", Run(Network.Input(4, 4, 1).MaxPool(2), Rows(Image)));
    }

    [TestMethod]
    public void Example_9_adaptive_pooling_gives_one_size_for_every_input()
    {
        foreach (Shape input in new[] { new Shape(4, 4, 1), new Shape(7, 5, 1), new Shape(13, 29, 1), new Shape(1, 2, 1) })
        {
            Network average = Network.Input(input).AdaptiveAvgPool((2, 3));
            Network maximum = Network.Input(input).AdaptiveMaxPool((2, 3));
            Assert.AreEqual(new Shape(2, 3, 1), average.OutputShape);
            Assert.AreEqual(new Shape(2, 3, 1), maximum.OutputShape);
            float[] ones = new float[input.ElementCount];
            Array.Fill(ones, 1);
            AssertNumbers("1 1 1 1 1 1", Run(average, ones));
            AssertNumbers("1 1 1 1 1 1", Run(maximum, ones));
        }

        // On a size that divides, it is pooling with windows that do not overlap.
        AssertNumbers("4.25 4.25 / 4.25 3.5", Run(Network.Input(4, 4, 1).AdaptiveAvgPool(2), Rows(Image)));
        AssertNumbers("9 7 / 8 6", Run(Network.Input(4, 4, 1).AdaptiveMaxPool(2), Rows(Image)));

        // 3 rows to 2: rows 0-1 and 1-2.
        AssertNumbers("1.5 2.5", Run(Network.Input(3, 1, 1).AdaptiveAvgPool((2, 1)), [1, 2, 3]));
    }
}
