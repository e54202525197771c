using Microsoft.ML.ConvNet.Core.Tests.Oracles;
using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Convolution;

[TestClass]
public unsafe class WinogradTests
{
    // The bound assumes that all roundings go the same way; in truth they cancel, and an error is at most a few units of rounding.
    private const double UsualRoundings = 16;

    // Whole numbers are at most 4, and so are weights.
    private const double WholeNumbersScale = 16;

    public static IEnumerable<object[]> Cases =>
    [
        .. new ConvolutionCase[]
        {
            new("same, 16 to 32", 9, 11, 16, 32, 3, 3) { Padding = 1 },
            new("same, 33 to 17", 7, 7, 33, 17, 3, 3) { Padding = 1 },
            new("same, 64 to 64", 13, 14, 64, 64, 3, 3) { Padding = 1 },
            new("valid, 3 to 48", 6, 19, 3, 48, 3, 3),
            new("padding 2, 5 to 7", 4, 5, 5, 7, 3, 3) { Padding = 2 },
            new("asymmetric padding", 10, 9, 20, 40, 3, 3) { Top = 1, Left = 2, Bottom = 2 },
            new("many channels", 6, 5, 290, 70, 3, 3) { Padding = 1 },
            new("single pixel", 1, 1, 8, 8, 3, 3) { Padding = 1 },
            new("two pixels", 2, 2, 160, 40, 3, 3) { Padding = 1 },
            new("wide image", 3, 301, 4, 18, 3, 3) { Padding = 1 },
            new("one channel", 12, 13, 1, 1, 3, 3) { Padding = 1 },
            new("more channels than a full block of tiles holds", 5, 6, 700, 17, 3, 3) { Padding = 1 },
        }.Select(test => new object[] { test }),
    ];

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void F2_is_within_its_error_bound_of_the_oracle(ConvolutionCase test) => AssertWithinBound<WinogradTransform2>(test.Shape());

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void F4_is_within_its_error_bound_of_the_oracle(ConvolutionCase test) => AssertWithinBound<WinogradTransform4>(test.Shape());

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void F2_gives_the_same_bits_in_any_batch_and_at_any_number_of_threads(ConvolutionCase test) =>
        AssertSameBits<WinogradTransform2>(test.Shape());

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void F4_gives_the_same_bits_in_any_batch_and_at_any_number_of_threads(ConvolutionCase test) =>
        AssertSameBits<WinogradTransform4>(test.Shape());

    [TestMethod]
    [DynamicData(nameof(Cases))]
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

        // Whole numbers halved twice are exact in F(2x2).
        using ConvolutionMemory exact = Forward<WinogradTransform2>(s, batch, x, w, 2, bias, residual, isRelu: true);
        exact.AssertEquals(expected, "relu(sum + bias + residual)");
        using ConvolutionMemory close = Forward<WinogradTransform4>(s, batch, x, w, 2, bias, residual, isRelu: true);
        AssertNear(close, expected, s.InputChannels);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void An_activation_sees_each_number_once(ConvolutionCase test)
    {
        ConvolutionShape s = test.Shape();
        double[] x = ConvolutionMemory.WholeNumbers(1, ConvolutionOracle.InputLength(s, 2));
        double[] w = ConvolutionMemory.WholeNumbers(2, ConvolutionOracle.WeightsLength(s));
        double[] expected = [.. ConvolutionOracle.Forward(s, 2, x, w).Select(value => (value * 3) + 1)];
        using ConvolutionMemory exact = Forward<WinogradTransform2>(s, 2, x, w, 4, activation: &TimesAlphaPlusOne);
        exact.AssertEquals(expected, "activation");
        using ConvolutionMemory close = Forward<WinogradTransform4>(s, 2, x, w, 4, activation: &TimesAlphaPlusOne);
        AssertNear(close, expected, 3 * s.InputChannels);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_slice_of_a_wider_result_is_written_and_nothing_beside_it(ConvolutionCase test)
    {
        const int before = 5;
        const int behind = 3;
        const float mark = 77;
        ConvolutionShape s = test.Shape();
        double[] x = ConvolutionMemory.WholeNumbers(1, ConvolutionOracle.InputLength(s, 2));
        double[] w = ConvolutionMemory.WholeNumbers(2, ConvolutionOracle.WeightsLength(s));
        double[] bias = ConvolutionMemory.WholeNumbers(3, s.OutputChannels);
        double[] sums = ConvolutionOracle.Forward(s, 2, x, w);
        int pitch = before + s.OutputChannels + behind;
        foreach (ConvolutionAlgorithm algorithm in new[]
        {
            ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Winograd2, ConvolutionAlgorithm.Winograd4,
        })
        {
            using WorkerGang gang = WorkerPool.Shared.Lease(2);
            gang.ReserveScratch(algorithm.ScratchBytes(s));
            using ConvolutionMemory from = new(x);
            using ConvolutionMemory weights = new(w);
            using ConvolutionMemory biasMemory = new(bias);
            using ConvolutionMemory packed = new(algorithm.PackedWeightsLength(s));
            using ConvolutionMemory wide = new(sums.Length / s.OutputChannels * pitch, mark);
            algorithm.PackWeights(gang, s, weights.Pointer, packed.Pointer);
            Epilogue epilogue = new() { Bias = biasMemory.Pointer, Pitch = pitch };
            algorithm.Forward(gang, s, 2, from.Pointer, packed.Pointer, epilogue, wide.Pointer + before);
            double tolerance = Tolerance(s.InputChannels) * WholeNumbersScale;
            for (int i = 0; i < wide.Length; i++)
            {
                int channel = (i % pitch) - before;
                bool isInside = channel >= 0 && channel < s.OutputChannels;
                double expected = isInside ? sums[(i / pitch * s.OutputChannels) + channel] + bias[channel] : mark;
                Assert.AreEqual(expected, wide.Pointer[i], isInside ? tolerance : 0, $"{algorithm.Name(s)}, element {i}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void The_largest_of_each_two_by_two_block_is_stored_and_a_line_left_over_is_dropped(ConvolutionCase test)
    {
        AssertPools<WinogradTransform2>(test.Shape());
        AssertPools<WinogradTransform4>(test.Shape());
    }

    [TestMethod]
    public void A_number_that_is_none_is_the_largest_of_its_block()
    {
        ConvolutionShape s = new ConvolutionCase("NaN", 8, 8, 2, 3, 3, 3) { Padding = 1 }.Shape();
        double[] x = ConvolutionMemory.WholeNumbers(1, ConvolutionOracle.InputLength(s, 1));
        x[0] = double.NaN;
        double[] w = ConvolutionMemory.WholeNumbers(2, ConvolutionOracle.WeightsLength(s));
        using ConvolutionMemory pooled4 = Forward<WinogradTransform4>(s, 1, x, w, 1, isRelu: true, pools: true);
        using ConvolutionMemory pooled2 = Forward<WinogradTransform2>(s, 1, x, w, 1, isRelu: true, pools: true);
        foreach (ConvolutionMemory pooled in new[] { pooled2, pooled4 })
        {
            Assert.IsTrue(float.IsNaN(pooled.Pointer[0]));
            Assert.IsFalse(float.IsNaN(pooled.Pointer[pooled.Length - 1]));
        }
    }

    // Pooled in registers, outputs have the bits that pooling of the stored ones gives.
    private static void AssertPools<TTransform>(ConvolutionShape s)
        where TTransform : struct, IWinogradTransform
    {
        const int batch = 3;
        double[] x = ConvolutionMemory.Fractions(1, ConvolutionOracle.InputLength(s, batch));
        double[] w = ConvolutionMemory.Fractions(2, ConvolutionOracle.WeightsLength(s));
        double[] bias = ConvolutionMemory.Fractions(3, s.OutputChannels);
        int height = s.OutputHeight / 2;
        int width = s.OutputWidth / 2;
        int channels = s.OutputChannels;
        foreach (bool isRelu in new[] { false, true })
        {
            using ConvolutionMemory stored = Forward<TTransform>(s, batch, x, w, 2, bias, isRelu: isRelu);
            using ConvolutionMemory pooled = Forward<TTransform>(s, batch, x, w, 2, bias, isRelu: isRelu, pools: true);
            float[] expected = new float[batch * height * width * channels];
            for (int i = 0; i < expected.Length; i++)
            {
                int channel = i % channels;
                int column = i / channels % width * 2;
                int row = i / channels / width % height * 2;
                int image = i / channels / width / height;
                int at = (((((image * s.OutputHeight) + row) * s.OutputWidth) + column) * channels) + channel;
                int below = at + (s.OutputWidth * channels);
                float* y = stored.Pointer;
                expected[i] = Math.Max(Math.Max(y[at], y[at + channels]), Math.Max(y[below], y[below + channels]));
            }

            pooled.AssertSameBits(expected, $"relu {isRelu}");
        }
    }

    [TestMethod]
    public void The_amplification_is_that_of_the_transforms()
    {
        // The rows of the matrices, by hand from the papers, with p = sqrt(1/2) and q = sqrt(2) for F(4, 3).
        double p = Math.Sqrt(0.5);
        double q = Math.Sqrt(2);
        double[][] a = [[1, 0, 0, 0], [1, p, p * p, p * p * p], [1, p, p * p, p * p * p], [1, q, q * q, q * q * q], [1, q, q * q, q * q * q], [0, 0, 0, 1]];
        double[] b = [1 + 2.5 + 1, q + 2 + p + 1, q + 2 + p + 1, p + 0.5 + q + 1, p + 0.5 + q + 1, 1 + 2.5 + 1];
        double[][] g = [[1, 0, 0], Third(2, p), Third(2, p), Third(0.5, q), Third(0.5, q), [0, 0, 1]];
        AssertAmplifications(a, b, g, WinogradTransform4.Amplification, WinogradTransform4.WeightGradientAmplification);

        double[][] a2 = [[1, 0], [1, 1], [1, 1], [0, 1]];
        double[] b2 = [2, 2, 2, 2];
        double[][] g2 = [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0.5], [0, 0, 1]];
        AssertAmplifications(a2, b2, g2, WinogradTransform2.Amplification, WinogradTransform2.WeightGradientAmplification);

        static double[] Third(double factor, double point) => [factor / 3, factor / 3 * point, factor / 3 * point * point];
    }

    private static void AssertAmplifications(double[][] a, double[] b, double[][] g, double output, double weightGradient)
    {
        double outputs = Enumerable.Range(0, a[0].Length).Max(i => a.Select((row, k) => row[i] * g[k].Max() * b[k]).Sum());
        double taps = Enumerable.Range(0, 3).Max(m => a.Select((row, k) => g[k][m] * b[k] * row.Max()).Sum());
        Assert.AreEqual(outputs * outputs, output, 1);
        Assert.AreEqual(taps * taps, weightGradient, 1);
    }

    [TestMethod]
    public void Strides_dilations_groups_and_other_windows_are_not_for_Winograd()
    {
        ConvolutionShape s = new(8, 8, 4, 8, 8, 4, 3, 3, 1, 1, 1, 1, 1, 1, 1);
        Assert.IsTrue(WinogradConvolution<WinogradTransform4>.Applies(s));
        foreach (ConvolutionShape other in new[]
        {
            s with { StrideHeight = 2 }, s with { StrideWidth = 2 }, s with { DilationHeight = 2 }, s with { DilationWidth = 2 },
            s with { Groups = 2 }, s with { KernelHeight = 1 }, s with { KernelWidth = 5 }, s with { PaddingTop = 3 }, s with { PaddingLeft = 3 },
        })
        {
            Assert.IsFalse(WinogradConvolution<WinogradTransform4>.Applies(other), other.ToString());
        }
    }

    private static void AssertWithinBound<TTransform>(ConvolutionShape s)
        where TTransform : struct, IWinogradTransform
    {
        const int batch = 3;
        double[] x = ConvolutionMemory.Fractions(1, ConvolutionOracle.InputLength(s, batch));
        double[] w = ConvolutionMemory.Fractions(2, ConvolutionOracle.WeightsLength(s));
        double[] dy = ConvolutionMemory.Fractions(3, ConvolutionOracle.OutputLength(s, batch));
        using ConvolutionMemory y = Forward<TTransform>(s, batch, x, w, 2);
        AssertClose<TTransform>(y, ConvolutionOracle.Forward(s, batch, x, w), s.InputChannels);
        double[] expected = ConvolutionOracle.BackwardData(s, batch, dy, w);
        using ConvolutionMemory dx = new(x.Length);
        BackwardData<TTransform>(s, batch, dy, w, dx, false, 2);
        AssertClose<TTransform>(dx, expected, s.OutputChannels);
        BackwardData<TTransform>(s, batch, dy, w, dx, true, 2);
        AssertClose<TTransform>(dx, [.. expected.Select(value => 2 * value)], s.OutputChannels);

        // Inputs and output gradients are at most 1: a tile's share of the bound's unit is the number of its outputs.
        double[] weightGradient = ConvolutionOracle.BackwardWeights(s, batch, x, dy);
        double pixels = (double)batch * s.OutputHeight * s.OutputWidth;
        double bound = WinogradConvolution<TTransform>.WeightGradientErrorBound((long)pixels) * pixels;
        double usual = Math.Min(bound, UsualRoundings * Math.Pow(2, -24) * pixels);
        using ConvolutionMemory dw = new(w.Length);
        foreach (int times in new[] { 1, 2 })
        {
            BackwardWeights<TTransform>(s, batch, x, dy, dw, accumulate: times > 1, threads: 2);
            for (int i = 0; i < weightGradient.Length; i++)
            {
                Assert.AreEqual(times * weightGradient[i], dw.Pointer[i], times * usual, $"weight {i}, {times} times");
            }
        }
    }

    private static void AssertClose<TTransform>(ConvolutionMemory actual, double[] expected, int channels)
        where TTransform : struct, IWinogradTransform
    {
        // Inputs are at most 1, and the nine weights of a channel sum to at most 9: the unit of the bound.
        double bound = WinogradConvolution<TTransform>.ErrorBound(channels) * 9 * channels;
        double usual = Math.Min(bound, Tolerance(channels));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual.Pointer[i], usual, $"element {i}");
        }
    }

    private static void AssertNear(ConvolutionMemory actual, double[] expected, int channels)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual.Pointer[i], Tolerance(channels) * WholeNumbersScale, $"element {i}");
        }
    }

    private static double Tolerance(int channels) => UsualRoundings * Math.Pow(2, -24) * 9 * channels;

    private static void AssertSameBits<TTransform>(ConvolutionShape s)
        where TTransform : struct, IWinogradTransform
    {
        const int batch = 5;
        double[] x = ConvolutionMemory.Fractions(1, ConvolutionOracle.InputLength(s, batch));
        double[] w = ConvolutionMemory.Fractions(2, ConvolutionOracle.WeightsLength(s));
        double[] dy = ConvolutionMemory.Fractions(3, ConvolutionOracle.OutputLength(s, batch));
        using ConvolutionMemory y = Forward<TTransform>(s, batch, x, w, 1);
        using ConvolutionMemory dx = new(x.Length);
        BackwardData<TTransform>(s, batch, dy, w, dx, false, 1);
        using ConvolutionMemory dw = new(w.Length);
        BackwardWeights<TTransform>(s, batch, x, dy, dw, false, 1);
        foreach (int threads in new[] { 2, 4 })
        {
            using ConvolutionMemory weightsAgain = new(w.Length);
            BackwardWeights<TTransform>(s, batch, x, dy, weightsAgain, false, threads);
            weightsAgain.AssertSameBits(dw.Values, $"dw with {threads} threads");
            using ConvolutionMemory again = Forward<TTransform>(s, batch, x, w, threads);
            again.AssertSameBits(y.Values, $"y with {threads} threads");
            using ConvolutionMemory dataAgain = new(x.Length);
            BackwardData<TTransform>(s, batch, dy, w, dataAgain, false, threads);
            dataAgain.AssertSameBits(dx.Values, $"dx with {threads} threads");
        }

        int input = x.Length / batch;
        int output = dy.Length / batch;
        for (int image = 0; image < batch; image++)
        {
            using ConvolutionMemory alone = Forward<TTransform>(s, 1, x[(image * input)..((image + 1) * input)], w, 2);
            alone.AssertSameBits(y.Values.Slice(image * output, output), $"y of image {image} alone");
            using ConvolutionMemory dataAlone = new(input);
            BackwardData<TTransform>(s, 1, dy[(image * output)..((image + 1) * output)], w, dataAlone, false, 2);
            dataAlone.AssertSameBits(dx.Values.Slice(image * input, input), $"dx of image {image} alone");
        }
    }

    private static ConvolutionMemory Forward<TTransform>(
        ConvolutionShape s,
        int batch,
        double[] x,
        double[] w,
        int threads,
        double[]? bias = null,
        double[]? residual = null,
        bool isRelu = false,
        delegate*<float*, float*, nint, float, void> activation = null,
        bool pools = false)
        where TTransform : struct, IWinogradTransform
    {
        WinogradConvolution<TTransform> winograd = new();
        using WorkerGang gang = WorkerPool.Shared.Lease(threads);
        gang.ReserveScratch(winograd.ScratchBytes(s));
        using ConvolutionMemory from = new(x);
        using ConvolutionMemory weights = new(w);
        using ConvolutionMemory packed = new(winograd.PackedWeightsLength(s));
        using ConvolutionMemory biasMemory = new(bias ?? []);
        using ConvolutionMemory residualMemory = new(residual ?? []);
        int length = pools
            ? batch * (s.OutputHeight / 2) * (s.OutputWidth / 2) * s.OutputChannels
            : ConvolutionOracle.OutputLength(s, batch);
        ConvolutionMemory y = new(length);
        winograd.PackWeights(gang, s, weights.Pointer, packed.Pointer);
        Epilogue epilogue = new()
        {
            Bias = bias == null ? null : biasMemory.Pointer,
            Residual = residual == null ? null : residualMemory.Pointer,
            IsRelu = isRelu,
            Activation = activation,
            Alpha = 3,
            Pools = pools,
        };
        winograd.Forward(gang, s, batch, from.Pointer, packed.Pointer, epilogue, y.Pointer);
        return y;
    }

    private static void BackwardData<TTransform>(
        ConvolutionShape s, int batch, double[] dy, double[] w, ConvolutionMemory dx, bool accumulate, int threads)
        where TTransform : struct, IWinogradTransform
    {
        WinogradConvolution<TTransform> winograd = new();
        using WorkerGang gang = WorkerPool.Shared.Lease(threads);
        gang.ReserveScratch(winograd.ScratchBytes(s));
        using ConvolutionMemory from = new(dy);
        using ConvolutionMemory weights = new(w);
        using ConvolutionMemory packed = new(winograd.PackedTransposedWeightsLength(s));
        winograd.PackTransposedWeights(gang, s, weights.Pointer, packed.Pointer);
        winograd.BackwardData(gang, s, batch, from.Pointer, packed.Pointer, dx.Pointer, accumulate);
    }

    private static void BackwardWeights<TTransform>(
        ConvolutionShape s, int batch, double[] x, double[] dy, ConvolutionMemory dw, bool accumulate, int threads)
        where TTransform : struct, IWinogradTransform
    {
        WinogradConvolution<TTransform> winograd = new();
        using WorkerGang gang = WorkerPool.Shared.Lease(threads);
        gang.ReserveScratch(winograd.ScratchBytes(s));
        using ConvolutionMemory from = new(x);
        using ConvolutionMemory gradient = new(dy);
        using ConvolutionMemory workspace = new(winograd.WeightGradientWorkspaceLength(s, batch));
        winograd.BackwardWeights(
            gang, s, batch, from.Pointer, gradient.Pointer, dw.Pointer, workspace.Pointer, accumulate);
    }

    private static void TimesAlphaPlusOne(float* from, float* to, nint count, float alpha)
    {
        for (nint i = 0; i < count; i++)
        {
            to[i] = (from[i] * alpha) + 1;
        }
    }
}
