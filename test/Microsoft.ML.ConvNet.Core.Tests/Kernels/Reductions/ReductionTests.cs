using Microsoft.ML.ConvNet.Kernels.Reductions;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Reductions;

[TestClass]
public sealed unsafe class ReductionTests
{
    private static readonly (int Rows, int Columns)[] Shapes =
    [
        (1, 1), (5, 1), (70_000, 1), (3, 3), (7000, 6), (1000, 16), (333, 17), (500, 33), (129, 64), (77, 65), (40, 130), (30, 256), (70, 257),
        (90, 1000), (1, 4096),
    ];

    [TestMethod]
    public void Column_sums_are_exact_to_a_millionth_with_any_threads()
    {
        foreach ((int rows, int columns) in Shapes)
        {
            string what = $"{rows} by {columns}";
            float[] values = GuardedFloats.Uniform(rows, rows * columns);
            double[] expected = new double[columns];
            double[] magnitudes = new double[columns];
            for (int i = 0; i < values.Length; i++)
            {
                expected[i % columns] += values[i];
                magnitudes[i % columns] += Math.Abs(values[i]);
            }

            double absolute = 1e-6 * magnitudes.Max();
            ThreadCounts.SameBits(what, gang =>
            {
                using GuardedFloats x = new(values);
                using GuardedFloats sums = new(columns, fill: 2f);
                Reduction.ColumnSums(gang, rows, columns, x.Pointer, sums.Pointer, accumulate: true);
                sums.AssertClose(Array.ConvertAll(expected, v => v + 2), 1e-6, absolute, $"{what}, added");
                Reduction.ColumnSums(gang, rows, columns, x.Pointer, sums.Pointer, accumulate: false);
                sums.AssertClose(expected, 1e-6, absolute, what);
                return sums.Values.ToArray();
            });
        }
    }
}
