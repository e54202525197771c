using Microsoft.ML.ConvNet.Core.Tests.Layers;
using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Arrays;

/// <summary>Kernels on strided tensors, at sizes that are divided between threads, against loops over places.</summary>
[TestClass]
public sealed unsafe class ArrayKernelTests
{
    [TestMethod]
    [DataRow("40x30x37", "40x30x37", "40x30x37")]
    [DataRow("40x30x37", "40x30x37", "1x1x37")]
    [DataRow("160x100x3", "160x100x3", "1x1x3")]
    [DataRow("160x100x3", "1x100x3", "160x1x3")]
    [DataRow("300x130x1", "1x130x1", "300x1x1")]
    [DataRow("40x30x37", "40x30x1", "1x1x1")]
    [DataRow("9x50x2x50", "9x1x2x1", "1x50x2x50")]
    [DataRow("9x50x2x50", "9x50x1x50", "50")]
    public void Products_of_broadcast_operands_are_those_of_their_elements(string full, string first, string second)
    {
        (Shape shape, Shape a, Shape b) = (Shape.Parse(full), Shape.Parse(first), Shape.Parse(second));
        int[] fromFirst = Places.Broadcast(a, shape);
        int[] fromSecond = Places.Broadcast(b, shape);
        foreach (uint shared in new uint[] { 0, 1, 2 })
        {
            const int Batch = 3;
            float[] x = GuardedFloats.Uniform(1, a.ElementCount * (shared == 1 ? 1 : Batch));
            float[] y = GuardedFloats.Uniform(2, b.ElementCount * (shared == 2 ? 1 : Batch));
            float[] before = GuardedFloats.Uniform(3, shape.ElementCount * Batch);
            StridedShape loops = StridedShape.Broadcast(shape, a, b).ForBatch(Batch, shared);
            foreach (bool accumulate in new[] { false, true })
            {
                float[] result = ThreadCounts.SameBits(full, gang =>
                {
                    using GuardedFloats left = new(x);
                    using GuardedFloats right = new(y);
                    using GuardedFloats product = new(before);
                    ElementMap.Run<OperatorTerm<Multiplication>>(
                        gang, loops, product.Pointer, new Operand(left.Pointer, 0), new Operand(right.Pointer, 1), default, 0, accumulate);
                    return product.Values.ToArray();
                });
                for (int at = 0; at < result.Length; at++)
                {
                    (int sample, int number) = Math.DivRem(at, shape.ElementCount);
                    float expected = x[((shared == 1 ? 0 : sample) * a.ElementCount) + fromFirst[number]]
                        * y[((shared == 2 ? 0 : sample) * b.ElementCount) + fromSecond[number]];
                    expected = accumulate ? before[at] + expected : expected;
                    if (result[at] != expected)
                    {
                        Assert.AreEqual(expected, result[at], $"{full}, {first}, {second}, element {at}");
                    }
                }
            }
        }
    }

    [TestMethod]
    [DataRow("40x30x37", "1x1x37")]
    [DataRow("40x30x37", "40x1x37")]
    [DataRow("40x30x37", "40x30x1")]
    [DataRow("20x10x300", "20x1x1")]
    [DataRow("20x10x300", "1x10x1")]
    [DataRow("20x10x300", "1x10x300")]
    [DataRow("9x50x2x50", "1x50x1x50")]
    [DataRow("50000", "1")]
    public void Sums_and_extrema_are_those_of_the_elements(string full, string kept)
    {
        (Shape shape, Shape target) = (Shape.Parse(full), Shape.Parse(kept));
        int[] ofTarget = Places.Broadcast(target, shape);
        foreach (bool isShared in new[] { false, true })
        {
            const int Batch = 2;
            int samples = isShared ? 1 : Batch;
            float[] x = GuardedFloats.Uniform(1, shape.ElementCount * Batch);
            double[] sums = new double[target.ElementCount * samples];
            double[] largest = [.. sums.Select(_ => double.NegativeInfinity)];
            for (int at = 0; at < x.Length; at++)
            {
                (int sample, int number) = Math.DivRem(at, shape.ElementCount);
                int to = ((isShared ? 0 : sample) * target.ElementCount) + ofTarget[number];
                sums[to] += 0.5 * x[at];
                largest[to] = Math.Max(largest[to], x[at]);
            }

            StridedShape loops = StridedShape.Broadcast(shape, target).ForBatch(Batch, isShared ? 1u : 0u);
            float[] result = ThreadCounts.SameBits(kept, gang =>
            {
                using GuardedFloats from = new(x);
                using GuardedFloats to = new(sums.Length, fill: 2);
                ElementSum.Run<CopyTerm>(
                    gang, loops, new Operand(to.Pointer, 0), new Operand(from.Pointer, StridedShape.Full), default, default, 0.5f, accumulate: true);
                to.AssertClose([.. sums.Select(sum => sum + 2)], 1e-6, 1e-5, $"{full} to {kept}");
                return to.Values.ToArray();
            });
            Assert.HasCount(sums.Length, result);
            result = ThreadCounts.SameBits(kept, gang =>
            {
                using GuardedFloats from = new(x);
                using GuardedFloats to = new(sums.Length, fill: 2);
                Extremum.Run(gang, loops, new Operand(to.Pointer, 0), from.Pointer, isMaximum: true);
                return to.Values.ToArray();
            });
            CollectionAssert.AreEqual(largest, Array.ConvertAll(result, value => (double)value), $"{full} to {kept}");
        }
    }

    [TestMethod]
    public void A_long_sum_of_like_numbers_keeps_its_digits()
    {
        const int Count = 1 << 24;
        using GuardedFloats x = new(Count, fill: 0.1f);
        using GuardedFloats y = new(1);
        ThreadCounts.Single(gang => ElementSum.Run<CopyTerm>(
            gang,
            StridedShape.Broadcast([Count], [1]),
            new Operand(y.Pointer, 0),
            new Operand(x.Pointer, StridedShape.Full),
            default,
            default,
            1,
            accumulate: false));
        y.AssertClose([Count * (double)0.1f], 2e-6, 0, "sum");
    }

    [TestMethod]
    [DataRow("40x30x37", "2,0,1")]
    [DataRow("40x30x37", "1,0,2")]
    [DataRow("40x30x37", "1,2,0")]
    [DataRow("3x224x224", "1,2,0")]
    [DataRow("17x20x2x64", "2,3,1,0")]
    [DataRow("784x3x80", "0,2,1")]
    [DataRow("9x50x2x50", "3,1,2,0")]
    public void A_permutation_moves_every_element(string full, string axes)
    {
        Shape shape = Shape.Parse(full);
        int[] order = [.. axes.Split(',').Select(int.Parse)];
        Shape output = new([.. order.Select(axis => shape[axis])]);
        const int Batch = 2;
        float[] x = GuardedFloats.Uniform(1, shape.ElementCount * Batch);
        StridedShape loops = StridedShape.Permutation(shape, order).ForBatch(Batch, 0);
        foreach (bool accumulate in new[] { false, true })
        {
            float[] result = ThreadCounts.SameBits(full, gang =>
            {
                using GuardedFloats from = new(x);
                using GuardedFloats to = new(x.Length, fill: 1);
                Permutation.Run(gang, loops, from.Pointer, to.Pointer, accumulate);
                return to.Values.ToArray();
            });
            int[] place = new int[shape.Rank];
            for (int at = 0; at < result.Length; at++)
            {
                (int sample, int number) = Math.DivRem(at, shape.ElementCount);
                int[] to = Places.Of(output, number);
                for (int i = 0; i < order.Length; i++)
                {
                    place[order[i]] = to[i];
                }

                float expected = x[(sample * shape.ElementCount) + Places.Number(shape, place)];
                Assert.AreEqual(accumulate ? 1 + expected : expected, result[at], $"{full} by {axes}, element {at}");
            }
        }
    }

    [TestMethod]
    public void Picked_elements_come_back_summed()
    {
        Shape shape = [30, 40, 37];
        int[]?[] positions =
        [
            [29, 0, 0, -1, 5, 5, 5, .. Enumerable.Range(0, 30)],
            null,
            [.. Enumerable.Range(3, 30), -1, -1, 0, 0, 36],
        ];
        Shape output = [positions[0]!.Length, 40, positions[2]!.Length];
        IndexingPlan plan = new(shape, positions);
        const int Batch = 2;
        float[] x = GuardedFloats.Uniform(1, shape.ElementCount * Batch);
        float[] gradient = GuardedFloats.Uniform(2, output.ElementCount * Batch);
        float[] picked = ThreadCounts.SameBits("forward", gang =>
        {
            using GuardedFloats from = new(x);
            using GuardedFloats to = new(gradient.Length);
            Indexing.Forward(gang, plan, Batch, from.Pointer, to.Pointer, value: 7);
            return to.Values.ToArray();
        });
        double[] back = [.. x.Select(_ => 1.0)];
        for (int at = 0; at < picked.Length; at++)
        {
            (int sample, int number) = Math.DivRem(at, output.ElementCount);
            int[] place = Places.Of(output, number);
            place[0] = positions[0]![place[0]];
            place[2] = positions[2]![place[2]];
            int from = place.Contains(-1) ? -1 : (sample * shape.ElementCount) + Places.Number(shape, place);
            Assert.AreEqual(from < 0 ? 7 : x[from], picked[at], $"element {at}");
            if (from >= 0)
            {
                back[from] += gradient[at];
            }
        }

        ThreadCounts.SameBits("backward", gang =>
        {
            using GuardedFloats from = new(gradient);
            using GuardedFloats to = new(x.Length, fill: 1);
            Indexing.Backward(gang, plan, Batch, from.Pointer, to.Pointer, accumulate: true);
            to.AssertClose(back, 1e-6, 1e-6, "added gradient");
            Indexing.Backward(gang, plan, Batch, from.Pointer, to.Pointer, accumulate: false);
            to.AssertClose([.. back.Select(sum => sum - 1)], 1e-6, 1e-6, "gradient");
            return to.Values.ToArray();
        });
    }

    [TestMethod]
    [DataRow(70, 33, 65)]
    [DataRow(5, 64, 100)]
    [DataRow(3, 2, 7)]
    public void Products_of_many_matrices_are_those_of_rows_and_columns(int rows, int depth, int columns)
    {
        const int Batch = 11;
        float[] a = GuardedFloats.Uniform(1, Batch * rows * depth);
        float[] b = GuardedFloats.Uniform(2, Batch * depth * columns);
        double[] expected = new double[Batch * rows * columns];
        for (int at = 0; at < expected.Length; at++)
        {
            (int matrix, int row, int column) = (at / (rows * columns), at / columns % rows, at % columns);
            for (int k = 0; k < depth; k++)
            {
                expected[at] += (double)a[(((matrix * rows) + row) * depth) + k] * b[(((matrix * depth) + k) * columns) + column];
            }
        }

        ThreadCounts.SameBits("product", gang =>
        {
            using GuardedFloats left = new(a);
            using GuardedFloats right = new(b);
            using GuardedFloats product = new(expected.Length, fill: float.NaN);
            BatchedProduct.Run(
                gang,
                StridedShape.Broadcast([1], [1], [1]).ForBatch(Batch, 0),
                rows,
                depth,
                columns,
                new ProductOperand(0, depth, 1),
                new ProductOperand(1, columns, 1),
                new ProductOperand(StridedShape.Full, columns, 1),
                left.Pointer,
                right.Pointer,
                product.Pointer,
                accumulate: false);
            product.AssertClose(expected, 1e-5, 1e-5, $"{rows} by {depth} by {columns}");
            return product.Values.ToArray();
        });
    }

    [TestMethod]
    public void Larger_smaller_and_extreme_numbers_keep_NaN_and_comparisons_with_it_do_not_hold()
    {
        float[] a = [1, float.NaN, 3, float.NegativeInfinity, -0f];
        float[] b = [2, 2, float.NaN, 4, 0];
        AssertBinary<LargerOperator>(a, b, [2, float.NaN, float.NaN, 4, 0]);
        AssertBinary<SmallerOperator>(a, b, [1, float.NaN, float.NaN, float.NegativeInfinity, 0]);
        AssertBinary<ComparisonOperator<Less>>(a, b, [1, 0, 0, 1, 0]);
        AssertBinary<ComparisonOperator<LessOrEqual>>(a, b, [1, 0, 0, 1, 1]);
        AssertBinary<ComparisonOperator<Greater>>(a, b, [0, 0, 0, 0, 0]);
        AssertBinary<ComparisonOperator<GreaterOrEqual>>(a, b, [0, 0, 0, 0, 1]);
        AssertBinary<ComparisonOperator<Equal>>(a, b, [0, 0, 0, 0, 1]);
        AssertBinary<PowerOperator>([-3, -2, -8, 0, 5, 2], [2, 3, 0.5f, 0, 0, -1], [9, -8, float.NaN, 1, 1, 0.5]);

        float[] row = [.. Enumerable.Range(0, 40).Select(i => i == 21 ? float.NaN : i)];
        using GuardedFloats x = new(row);
        using GuardedFloats y = new(1);
        ThreadCounts.Single(gang => Extremum.Run(
            gang, StridedShape.Broadcast([40], [1]), new Operand(y.Pointer, 0), x.Pointer, isMaximum: true));
        Assert.IsTrue(float.IsNaN(y.Values[0]));
    }

    private static void AssertBinary<TOperator>(float[] a, float[] b, double[] expected)
        where TOperator : struct, IBroadcastOperator
    {
        using GuardedFloats left = new(a);
        using GuardedFloats right = new(b);
        using GuardedFloats result = new(a.Length);
        Shape shape = [a.Length];
        ThreadCounts.Single(gang => ElementMap.Run<OperatorTerm<TOperator>>(
            gang,
            StridedShape.Broadcast(shape, shape, shape),
            result.Pointer,
            new Operand(left.Pointer, 0),
            new Operand(right.Pointer, 1),
            default,
            0,
            accumulate: false));
        result.AssertClose(expected, 0, 0, TOperator.Name);
    }
}
