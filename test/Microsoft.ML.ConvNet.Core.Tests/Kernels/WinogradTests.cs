using Microsoft.ML.ConvNet.Core.Tests.Oracles;
using Microsoft.ML.ConvNet.Kernels;
using Microsoft.ML.ConvNet.Kernels.Winograd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels;

[TestClass]
public unsafe class WinogradTests
{
    // The bound assumes that all roundings go the same way; in truth they cancel, and an error is at most a few units of rounding.
    private const double UsualRoundings = 16;

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

        using ConvolutionMemory y = Forward<WinogradTransform2>(s, batch, x, w, 2, bias, residual, isRelu: true);

        // Whole numbers halved twice are exact in F(2x2).
        y.AssertEquals(expected, "relu(sum + bias + residual)");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void An_activation_sees_each_number_once(ConvolutionCase test)
    {
        ConvolutionShape s = test.Shape();
        double[] x = ConvolutionMemory.WholeNumbers(1, ConvolutionOracle.InputLength(s, 2));
        double[] w = ConvolutionMemory.WholeNumbers(2, ConvolutionOracle.WeightsLength(s));
        double[] expected = [.. ConvolutionOracle.Forward(s, 2, x, w).Select(value => (value * 3) + 1)];
        using ConvolutionMemory y = Forward<WinogradTransform2>(s, 2, x, w, 4, activation: &TimesAlphaPlusOne);
        y.AssertEquals(expected, "activation");
    }

    [TestMethod]
    public void The_amplification_is_that_of_the_transforms()
    {
        // The rows of the matrices, by hand from the papers, with p = sqrt(1/2) and q = sqrt(2) for F(4, 3).
        double p = Math.Sqrt(0.5);
        double q = Math.Sqrt(2);
        Assert.AreEqual(16, WinogradTransform2.Amplification);
        double[] products =
        [
            1 * (1 + 2.5 + 1),
            2.0 / 3 * (q + 2 + p + 1),
            2.0 / 3 * (q + 2 + p + 1),
            q * q / 6 * (p + 0.5 + q + 1),
            q * q / 6 * (p + 0.5 + q + 1),
            1 * (1 + 2.5 + 1),
        ];
        double first = products[0] + products[1] + products[2] + products[3] + products[4];
        double last = (p / 2 * (products[1] + products[2])) + (2 * q * (products[3] + products[4])) + products[5];
        Assert.AreEqual(Math.Max(first * first, last * last), WinogradTransform4.Amplification, 1);
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

        // Each weight's gradient is a sum over the pixels of the batch.
        double[] weightGradient = ConvolutionOracle.BackwardWeights(s, batch, x, dy);
        double usual = UsualRoundings * Math.Pow(2, -24) * batch * s.OutputHeight * s.OutputWidth;
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
        double unit = 9 * channels;
        double bound = WinogradConvolution<TTransform>.ErrorBound(channels) * unit;
        double usual = UsualRoundings * Math.Pow(2, -24) * unit;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual.Pointer[i], Math.Min(bound, usual), $"element {i}");
        }
    }

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
        delegate*<float*, float*, nint, float, void> activation = null)
        where TTransform : struct, IWinogradTransform
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(threads);
        gang.ReserveScratch(WinogradConvolution<TTransform>.ScratchBytes(s));
        using ConvolutionMemory from = new(x);
        using ConvolutionMemory weights = new(w);
        using ConvolutionMemory packed = new(WinogradConvolution<TTransform>.PackedWeightsLength(s));
        using ConvolutionMemory biasMemory = new(bias ?? []);
        using ConvolutionMemory residualMemory = new(residual ?? []);
        ConvolutionMemory y = new(ConvolutionOracle.OutputLength(s, batch));
        WinogradConvolution<TTransform>.PackWeights(threads > 1 ? gang : null, s, weights.Pointer, packed.Pointer);
        Epilogue epilogue = new()
        {
            Bias = bias == null ? null : biasMemory.Pointer,
            Residual = residual == null ? null : residualMemory.Pointer,
            IsRelu = isRelu,
            Activation = activation,
            Alpha = 3,
        };
        WinogradConvolution<TTransform>.Forward(gang, s, batch, from.Pointer, packed.Pointer, epilogue, y.Pointer);
        return y;
    }

    private static void BackwardData<TTransform>(
        ConvolutionShape s, int batch, double[] dy, double[] w, ConvolutionMemory dx, bool accumulate, int threads)
        where TTransform : struct, IWinogradTransform
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(threads);
        gang.ReserveScratch(WinogradConvolution<TTransform>.ScratchBytes(s));
        using ConvolutionMemory from = new(dy);
        using ConvolutionMemory weights = new(w);
        using ConvolutionMemory packed = new(WinogradConvolution<TTransform>.PackedTransposedWeightsLength(s));
        WinogradConvolution<TTransform>.PackTransposedWeights(threads > 1 ? gang : null, s, weights.Pointer, packed.Pointer);
        WinogradConvolution<TTransform>.BackwardData(gang, s, batch, from.Pointer, packed.Pointer, dx.Pointer, accumulate);
    }

    private static void BackwardWeights<TTransform>(
        ConvolutionShape s, int batch, double[] x, double[] dy, ConvolutionMemory dw, bool accumulate, int threads)
        where TTransform : struct, IWinogradTransform
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(threads);
        gang.ReserveScratch(WinogradConvolution<TTransform>.ScratchBytes(s));
        using ConvolutionMemory from = new(x);
        using ConvolutionMemory gradient = new(dy);
        using ConvolutionMemory workspace = new(WinogradConvolution<TTransform>.WeightGradientWorkspaceLength(s, batch));
        WinogradConvolution<TTransform>.BackwardWeights(
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
