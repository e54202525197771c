using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Tensors;

[TestClass]
public class StridedCopyTests
{
    /// <summary>Against the place of each number, computed by itself.</summary>
    [TestMethod]
    public void Every_order_of_axes_is_copied_into_every_other()
    {
        Random random = new(11);
        for (int turn = 0; turn < 300; turn++)
        {
            // Long enough, now and then, for several blocks and a part of one; axes of one number, too.
            int[] lengths = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(4) == 0 ? random.Next(1, 71) : random.Next(1, 5))];
            int[] fromSteps = StepsInSomeOrder(lengths, random);
            int[] toSteps = StepsInSomeOrder(lengths, random);
            int count = lengths.Aggregate(1, (product, length) => product * length);
            float[] from = [.. Enumerable.Range(0, count).Select(i => (float)i)];
            float[] expected = new float[count];
            for (int i = 0; i < count; i++)
            {
                (int source, int target, int rest) = (0, 0, i);
                for (int axis = lengths.Length - 1; axis >= 0; axis--)
                {
                    (rest, int position) = Math.DivRem(rest, lengths[axis]);
                    source += position * fromSteps[axis];
                    target += position * toSteps[axis];
                }

                expected[target] = from[source];
            }

            float[] to = new float[count];
            StridedCopy.Copy(from, fromSteps, to, toSteps, lengths);
            CollectionAssert.AreEqual(expected, to, $"[{string.Join(", ", lengths)}] from {string.Join(", ", fromSteps)} to {string.Join(", ", toSteps)}");
        }
    }

    /// <summary>Steps of axes that lie in memory in some order.</summary>
    private static int[] StepsInSomeOrder(int[] lengths, Random random)
    {
        int[] order = [.. Enumerable.Range(0, lengths.Length)];
        random.Shuffle(order);
        int[] steps = new int[lengths.Length];
        int step = 1;
        foreach (int axis in order)
        {
            steps[axis] = step;
            step *= lengths[axis];
        }

        return steps;
    }
}
