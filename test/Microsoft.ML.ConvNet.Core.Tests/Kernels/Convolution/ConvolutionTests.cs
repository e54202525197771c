using Microsoft.ML.ConvNet.Core.Tests.Oracles;
using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Reductions;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Convolution;

[TestClass]
public unsafe class ConvolutionTests
{
    [TestMethod]
    [DynamicData(nameof(ConvolutionCases.Dense), typeof(ConvolutionCases))]
    [DynamicData(nameof(ConvolutionCases.Depthwise), typeof(ConvolutionCases))]
    public void The_forward_pass_equals_the_oracle(ConvolutionCase test)
    {
        ConvolutionShape s = test.Shape();
        foreach (int batch in new[] { 1, 3 })
        {
            double[] x = ConvolutionMemory.WholeNumbers(1, ConvolutionOracle.InputLength(s, batch));
            double[] w = ConvolutionMemory.WholeNumbers(2, ConvolutionOracle.WeightsLength(s));
            double[] expected = ConvolutionOracle.Forward(s, batch, x, w);
            using ConvolutionMemory y = Forward(s, batch, x, w, null, null, false, 2);
            y.AssertEquals(expected, $"batch {batch}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(ConvolutionCases.Dense), typeof(ConvolutionCases))]
    [DynamicData(nameof(ConvolutionCases.Depthwise), typeof(ConvolutionCases))]
    public void Bias_residual_and_relu_are_applied_in_this_order(ConvolutionCase test)
    {
        ConvolutionShape s = test.Shape();
        const int batch = 2;
        double[] x = ConvolutionMemory.WholeNumbers(1, ConvolutionOracle.InputLength(s, batch));
        double[] w = ConvolutionMemory.WholeNumbers(2, ConvolutionOracle.WeightsLength(s));
        double[] bias = ConvolutionMemory.WholeNumbers(3, s.OutputChannels);
        double[] residual = ConvolutionMemory.WholeNumbers(4, ConvolutionOracle.OutputLength(s, batch));
        double[] expected = ConvolutionOracle.Forward(s, batch, x, w);
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = Math.Max(0, expected[i] + bias[i % s.OutputChannels] + residual[i]);
        }

        using ConvolutionMemory y = Forward(s, batch, x, w, bias, residual, true, 2);
        y.AssertEquals(expected, "relu(sum + bias + residual)");
    }

    [TestMethod]
    [DynamicData(nameof(ConvolutionCases.Dense), typeof(ConvolutionCases))]
    [DynamicData(nameof(ConvolutionCases.Depthwise), typeof(ConvolutionCases))]
    public void An_activation_sees_each_number_once(ConvolutionCase test)
    {
        ConvolutionShape s = test.Shape();
        const int batch = 2;
        double[] x = ConvolutionMemory.WholeNumbers(1, ConvolutionOracle.InputLength(s, batch));
        double[] w = ConvolutionMemory.WholeNumbers(2, ConvolutionOracle.WeightsLength(s));
        double[] expected = [.. ConvolutionOracle.Forward(s, batch, x, w).Select(value => (value * 3) + 1)];
        foreach (int threads in new[] { 1, 4 })
        {
            using ConvolutionMemory y = Forward(s, batch, x, w, null, null, false, threads, &TimesAlphaPlusOne);
            y.AssertEquals(expected, $"activation with {threads} threads");
        }
    }

    [TestMethod]
    [DynamicData(nameof(ConvolutionCases.Dense), typeof(ConvolutionCases))]
    [DynamicData(nameof(ConvolutionCases.Depthwise), typeof(ConvolutionCases))]
    public void The_data_gradient_equals_the_oracle(ConvolutionCase test)
    {
        ConvolutionShape s = test.Shape();
        foreach (int batch in new[] { 1, 3 })
        {
            double[] dy = ConvolutionMemory.WholeNumbers(1, ConvolutionOracle.OutputLength(s, batch));
            double[] w = ConvolutionMemory.WholeNumbers(2, ConvolutionOracle.WeightsLength(s));
            double[] expected = ConvolutionOracle.BackwardData(s, batch, dy, w);
            using ConvolutionMemory dx = new(expected.Length);
            BackwardData(s, batch, dy, w, dx, false, 2);
            dx.AssertEquals(expected, $"batch {batch}");
            BackwardData(s, batch, dy, w, dx, true, 2);
            dx.AssertEquals([.. expected.Select(value => 2 * value)], $"batch {batch}, accumulated");
        }
    }

    [TestMethod]
    [DynamicData(nameof(ConvolutionCases.Dense), typeof(ConvolutionCases))]
    [DynamicData(nameof(ConvolutionCases.Depthwise), typeof(ConvolutionCases))]
    public void The_weight_gradient_equals_the_oracle(ConvolutionCase test)
    {
        ConvolutionShape s = test.Shape();
        foreach (int batch in new[] { 1, 3 })
        {
            double[] x = ConvolutionMemory.WholeNumbers(1, ConvolutionOracle.InputLength(s, batch));
            double[] dy = ConvolutionMemory.WholeNumbers(2, ConvolutionOracle.OutputLength(s, batch));
            double[] expected = ConvolutionOracle.BackwardWeights(s, batch, x, dy);
            using ConvolutionMemory dw = new(expected.Length);
            BackwardWeights(s, batch, 3, x, dy, dw, false, 2);
            dw.AssertEquals(expected, $"batch {batch}");
            BackwardWeights(s, batch, batch, x, dy, dw, true, 2);
            dw.AssertEquals([.. expected.Select(value => 2 * value)], $"batch {batch}, accumulated");
        }
    }

    [TestMethod]
    [DynamicData(nameof(ConvolutionCases.Dense), typeof(ConvolutionCases))]
    [DynamicData(nameof(ConvolutionCases.Depthwise), typeof(ConvolutionCases))]
    public void Rounding_errors_stay_within_their_bound_and_bits_do_not_depend_on_threads_or_batch(ConvolutionCase test)
    {
        ConvolutionShape s = test.Shape();
        const int batch = 5;
        double[] x = ConvolutionMemory.Fractions(1, ConvolutionOracle.InputLength(s, batch));
        double[] w = ConvolutionMemory.Fractions(2, ConvolutionOracle.WeightsLength(s));
        double[] dy = ConvolutionMemory.Fractions(3, ConvolutionOracle.OutputLength(s, batch));
        using ConvolutionMemory y = Forward(s, batch, x, w, null, null, false, 1);
        using ConvolutionMemory dx = new(x.Length);
        using ConvolutionMemory dw = new(w.Length);
        BackwardData(s, batch, dy, w, dx, false, 1);
        BackwardWeights(s, batch, batch, x, dy, dw, false, 1);

        // A sum of products is off by at most a few units of its terms' absolute sum.
        double[] Absolute(double[] values) => [.. values.Select(Math.Abs)];
        AssertClose(y, ConvolutionOracle.Forward(s, batch, x, w), ConvolutionOracle.Forward(s, batch, Absolute(x), Absolute(w)));
        AssertClose(dx, ConvolutionOracle.BackwardData(s, batch, dy, w), ConvolutionOracle.BackwardData(s, batch, Absolute(dy), Absolute(w)));
        AssertClose(dw, ConvolutionOracle.BackwardWeights(s, batch, x, dy), ConvolutionOracle.BackwardWeights(s, batch, Absolute(x), Absolute(dy)));

        foreach (int threads in new[] { 2, 4 })
        {
            using ConvolutionMemory again = Forward(s, batch, x, w, null, null, false, threads);
            again.AssertSameBits(y.Values, $"y with {threads} threads");
            using ConvolutionMemory dataAgain = new(x.Length);
            BackwardData(s, batch, dy, w, dataAgain, false, threads);
            dataAgain.AssertSameBits(dx.Values, $"dx with {threads} threads");
            using ConvolutionMemory weightsAgain = new(w.Length);
            BackwardWeights(s, batch, batch, x, dy, weightsAgain, false, threads);
            weightsAgain.AssertSameBits(dw.Values, $"dw with {threads} threads");
        }

        int input = x.Length / batch;
        int output = dy.Length / batch;
        for (int image = 0; image < batch; image++)
        {
            using ConvolutionMemory alone = Forward(s, 1, x[(image * input)..((image + 1) * input)], w, null, null, false, 2);
            alone.AssertSameBits(y.Values.Slice(image * output, output), $"y of image {image} alone");
            using ConvolutionMemory dataAlone = new(input);
            BackwardData(s, 1, dy[(image * output)..((image + 1) * output)], w, dataAlone, false, 2);
            dataAlone.AssertSameBits(dx.Values.Slice(image * input, input), $"dx of image {image} alone");
        }
    }

    [TestMethod]
    public void Relu_passes_what_is_not_a_number_and_stops_negative_infinity()
    {
        ConvolutionShape s = new(3, 3, 1, 3, 3, 2, 1, 1, 1, 1, 1, 1, 0, 0, 1);
        double[] x = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1, -1, 0, 2, 3, 4];
        using ConvolutionMemory y = Forward(s, 1, x, [1, 2], null, null, true, 1);
        float[] expected = [float.NaN, float.NaN, float.PositiveInfinity, float.PositiveInfinity, 0, 0, 1, 2, 0, 0, 0, 0, 2, 4, 3, 6, 4, 8];
        CollectionAssert.AreEqual(expected, y.Values.ToArray());
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 5)]
    [DataRow(700, 33)]
    [DataRow(130, 2100)]
    [DataRow(5000, 16)]
    public void The_bias_gradient_is_the_sum_of_the_columns(int rows, int channels)
    {
        double[] dy = ConvolutionMemory.WholeNumbers(7, rows * channels);
        double[] expected = new double[channels];
        for (int i = 0; i < dy.Length; i++)
        {
            expected[i % channels] += dy[i];
        }

        foreach (int threads in new[] { 1, 2, 4 })
        {
            using WorkerGang gang = WorkerPool.Shared.Lease(threads);
            using ConvolutionMemory from = new(dy);
            using ConvolutionMemory db = new(channels);
            Reduction.ColumnSums(gang, rows, channels, from.Pointer, db.Pointer, false);
            db.AssertEquals(expected, $"{threads} threads");
            Reduction.ColumnSums(gang, rows, channels, from.Pointer, db.Pointer, true);
            db.AssertEquals([.. expected.Select(value => 2 * value)], $"{threads} threads, accumulated");
        }
    }

    private static ConvolutionMemory Forward(
        ConvolutionShape s,
        int batch,
        double[] x,
        double[] w,
        double[]? bias,
        double[]? residual,
        bool isRelu,
        int threads,
        delegate*<float*, float*, nint, float, void> activation = null)
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(threads);
        gang.ReserveScratch(ConvolutionAlgorithm.Direct.ScratchBytes(s));
        using ConvolutionMemory from = new(x);
        using ConvolutionMemory weights = new(w);
        using ConvolutionMemory packed = new(ConvolutionAlgorithm.Direct.PackedWeightsLength(s));
        using ConvolutionMemory biasMemory = new(bias ?? []);
        using ConvolutionMemory residualMemory = new(residual ?? []);
        ConvolutionMemory y = new(ConvolutionOracle.OutputLength(s, batch));
        ConvolutionAlgorithm.Direct.PackWeights(gang, s, weights.Pointer, packed.Pointer);
        Epilogue epilogue = new()
        {
            Bias = bias == null ? null : biasMemory.Pointer,
            Residual = residual == null ? null : residualMemory.Pointer,
            IsRelu = isRelu,
            Activation = activation,
            Alpha = 3,
        };
        ConvolutionAlgorithm.Direct.Forward(gang, s, batch, from.Pointer, packed.Pointer, epilogue, y.Pointer);
        return y;
    }

    private static void BackwardData(
        ConvolutionShape s, int batch, double[] dy, double[] w, ConvolutionMemory dx, bool accumulate, int threads)
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(threads);
        gang.ReserveScratch(ConvolutionAlgorithm.Direct.ScratchBytes(s));
        using ConvolutionMemory from = new(dy);
        using ConvolutionMemory weights = new(w);
        using ConvolutionMemory packed = new(ConvolutionAlgorithm.Direct.PackedTransposedWeightsLength(s));
        ConvolutionAlgorithm.Direct.PackTransposedWeights(gang, s, weights.Pointer, packed.Pointer);
        ConvolutionAlgorithm.Direct.BackwardData(gang, s, batch, from.Pointer, packed.Pointer, dx.Pointer, accumulate);
    }

    private static void BackwardWeights(
        ConvolutionShape s, int batch, int maximumBatch, double[] x, double[] dy, ConvolutionMemory dw, bool accumulate, int threads)
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(threads);
        gang.ReserveScratch(ConvolutionAlgorithm.Direct.ScratchBytes(s));
        using ConvolutionMemory from = new(x);
        using ConvolutionMemory gradient = new(dy);
        using ConvolutionMemory workspace = new(ConvolutionAlgorithm.Direct.WeightGradientWorkspaceLength(s, maximumBatch));
        ConvolutionAlgorithm.Direct.BackwardWeights(gang, s, batch, from.Pointer, gradient.Pointer, dw.Pointer, workspace.Pointer, accumulate);
    }

    private static void AssertClose(ConvolutionMemory actual, double[] expected, double[] absoluteSums)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual.Pointer[i], 2e-6 * absoluteSums[i], $"element {i}");
        }
    }

    private static void TimesAlphaPlusOne(float* from, float* to, nint count, float alpha)
    {
        for (nint i = 0; i < count; i++)
        {
            to[i] = (from[i] * alpha) + 1;
        }
    }
}
