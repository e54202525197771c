using Microsoft.ML.ConvNet.Core.Tests.Oracles;
using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Pooling;

[TestClass]
public sealed unsafe class PoolingTests
{
    private static readonly int[] ChannelCounts = [1, 3, 5, 6, 16, 17, 33, 70, 130];

    private static readonly PoolingShape[] Shapes =
    [
        Shape(8, 6, 2, 2, 2, 2, 0, 0),
        Shape(7, 9, 2, 2, 2, 2, 0, 0),
        Shape(7, 5, 3, 3, 2, 2, 1, 1),
        Shape(9, 8, 3, 2, 1, 3, 1, 0),
        Shape(6, 6, 3, 3, 1, 1, 1, 1),
        Shape(7, 7, 7, 7, 7, 7, 0, 0),
        Shape(11, 5, 2, 3, 3, 1, 1, 2),
        Shape(7, 5, 3, 3, 2, 2, 1, 1) with { CountIncludesPadding = true, PaddingBottom = 1, PaddingRight = 1 },
        Shape(6, 7, 3, 2, 2, 2, 1, 0) with { OutputHeight = 4, OutputWidth = 4, CountIncludesPadding = true, PaddingBottom = 1 },
        Shape(9, 8, 3, 2, 1, 2, 0, 0) with { OutputHeight = 5, OutputWidth = 3, DilationHeight = 2, DilationWidth = 3 },
        Shape(7, 9, 2, 3, 2, 1, 1, 2) with
        {
            OutputHeight = 3,
            OutputWidth = 9,
            DilationHeight = 3,
            DilationWidth = 2,
            CountIncludesPadding = true,
            PaddingBottom = 1,
            PaddingRight = 2,
        },
        Shape(7, 7, 3, 3, 2, 2, 0, 0) with { OutputHeight = 4, OutputWidth = 4, InputHeight = 8, InputWidth = 8 },
        Shape(7, 10, 1, 1, 1, 1, 0, 0) with { OutputHeight = 3, OutputWidth = 4, Adaptive = true },
        Shape(3, 2, 1, 1, 1, 1, 0, 0) with { OutputHeight = 5, OutputWidth = 3, Adaptive = true },
        Shape(6, 7, 1, 1, 1, 1, 0, 0) with { OutputHeight = 1, OutputWidth = 1, Adaptive = true },
    ];

    [TestMethod]
    public void Max_pooling_and_its_gradient_are_those_of_the_definition() =>
        ForAll((gang, shape, batch, input, gradient) =>
        {
            // Few different values: ties are common.
            float[] values = Array.ConvertAll(input, v => MathF.Round(v * 3));
            double[] expectedInput = Array.ConvertAll(values, v => (double)v);
            (double[] expected, int[] positions) = PoolingOracle.Max(shape, batch, expectedInput);
            double[] expectedGradient = PoolingOracle.MaxGradient(shape, batch, expectedInput, Array.ConvertAll(gradient, v => (double)v));
            using GuardedFloats x = new(values);
            using GuardedFloats y = new(expected.Length);
            using GuardedFloats indices = new(expected.Length);
            using GuardedFloats dy = new(gradient);
            using GuardedFloats dx = new(values.Length, fill: 0.5f);
            MaxPooling.Forward(gang, shape, batch, x.Pointer, y.Pointer);
            y.AssertClose(expected, 0, 0, $"{shape}");
            y.Values.Clear();
            MaxPooling.ForwardWithIndices(gang, shape, batch, x.Pointer, y.Pointer, (int*)indices.Pointer);
            y.AssertClose(expected, 0, 0, $"{shape} with indices");
            Assert.AreEqual(positions.Length, indices.Bits.CommonPrefixLength(positions), $"{shape}, indices");
            MaxPooling.Backward(gang, shape, batch, dy.Pointer, (int*)indices.Pointer, dx.Pointer, accumulate: true);
            dx.AssertClose(Array.ConvertAll(expectedGradient, v => v + 0.5), 1e-6, 1e-6, $"{shape}, gradient added");
            MaxPooling.Backward(gang, shape, batch, dy.Pointer, (int*)indices.Pointer, dx.Pointer, accumulate: false);
            dx.AssertClose(expectedGradient, 1e-6, 1e-6, $"{shape}, gradient");
        });

    [TestMethod]
    public void Max_pooling_with_ReLU_behind_is_max_pooling_of_rectified_numbers() =>
        ForAll((gang, shape, batch, input, gradient) =>
        {
            float[] values = Array.ConvertAll(input, v => MathF.Round(v * 3) - 1);
            double[] rectified = Array.ConvertAll(values, v => Math.Max((double)v, 0));
            (double[] expected, _) = PoolingOracle.Max(shape, batch, rectified);
            double[] expectedGradient = PoolingOracle.MaxGradient(shape, batch, rectified, Array.ConvertAll(gradient, v => (double)v));
            for (int i = 0; i < values.Length; i++)
            {
                // The derivative of ReLU.
                expectedGradient[i] = values[i] > 0 ? expectedGradient[i] : 0;
            }

            using GuardedFloats x = new(values);
            using GuardedFloats y = new(expected.Length);
            using GuardedFloats indices = new(expected.Length);
            using GuardedFloats dy = new(gradient);
            using GuardedFloats dx = new(values.Length);
            MaxPooling.Forward(gang, shape, batch, x.Pointer, y.Pointer, rectifies: true);
            y.AssertClose(expected, 0, 0, $"{shape}");
            y.Values.Clear();
            MaxPooling.ForwardWithIndices(gang, shape, batch, x.Pointer, y.Pointer, (int*)indices.Pointer, rectifies: true);
            y.AssertClose(expected, 0, 0, $"{shape} with indices");
            MaxPooling.Backward(gang, shape, batch, dy.Pointer, (int*)indices.Pointer, dx.Pointer, accumulate: false);
            dx.AssertClose(expectedGradient, 1e-6, 1e-6, $"{shape}, gradient");
        });

    [TestMethod]
    public void Average_pooling_and_its_gradient_are_those_of_the_definition() =>
        ForAll((gang, shape, batch, input, gradient) =>
        {
            double[] expected = PoolingOracle.Average(shape, batch, Array.ConvertAll(input, v => (double)v));
            double[] expectedGradient = PoolingOracle.AverageGradient(shape, batch, Array.ConvertAll(gradient, v => (double)v));
            using GuardedFloats x = new(input);
            using GuardedFloats y = new(expected.Length);
            using GuardedFloats dy = new(gradient);
            using GuardedFloats dx = new(input.Length, fill: 0.5f);
            AveragePooling.Forward(gang, shape, batch, x.Pointer, y.Pointer);
            y.AssertClose(expected, 1e-6, 1e-6, $"{shape}");
            AveragePooling.Backward(gang, shape, batch, dy.Pointer, dx.Pointer, accumulate: true);
            dx.AssertClose(Array.ConvertAll(expectedGradient, v => v + 0.5), 1e-6, 1e-6, $"{shape}, gradient added");
            AveragePooling.Backward(gang, shape, batch, dy.Pointer, dx.Pointer, accumulate: false);
            dx.AssertClose(expectedGradient, 1e-6, 1e-6, $"{shape}, gradient");
        });

    [TestMethod]
    public void NaN_wins_a_maximum_and_padding_never_does()
    {
        PoolingShape shape = Shape(4, 4, 3, 3, 2, 2, 1, 1) with { Channels = 17 };
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        using GuardedFloats x = new((int)shape.InputLength, fill: -5f);
        using GuardedFloats y = new((int)shape.OutputLength);
        using GuardedFloats indices = new((int)shape.OutputLength);
        x.Values[16] = float.NaN;
        MaxPooling.ForwardWithIndices(gang, shape, 1, x.Pointer, y.Pointer, (int*)indices.Pointer);
        Assert.IsTrue(float.IsNaN(y.Values[16]));
        Assert.AreEqual(0, indices.Bits[16]);
        y.Values[16] = -5f;
        Assert.IsFalse(y.Values.ContainsAnyExcept(-5f));
        MaxPooling.Forward(gang, shape, 1, x.Pointer, y.Pointer);
        Assert.IsTrue(float.IsNaN(y.Values[16]));
        x.Values.Fill(float.NegativeInfinity);
        MaxPooling.ForwardWithIndices(gang, shape, 1, x.Pointer, y.Pointer, (int*)indices.Pointer);
        Assert.IsFalse(y.Values.ContainsAnyExcept(float.NegativeInfinity));
        Assert.AreEqual(0, indices.Bits[0], "Of equal elements the first wins, also at minus infinity.");
    }

    [TestMethod]
    public void Bits_depend_neither_on_the_number_of_threads_nor_on_the_batch()
    {
        PoolingShape shape = Shape(31, 29, 3, 3, 2, 2, 1, 1) with { Channels = 21 };
        const int Batch = 5;
        float[] input = GuardedFloats.Uniform(8, (int)(Batch * shape.InputLength));
        float[] gradient = GuardedFloats.Uniform(9, (int)(Batch * shape.OutputLength));
        float[] all = ThreadCounts.SameBits("pooling", gang => Run(gang, shape, Batch, input, gradient));
        int outputs = (int)shape.OutputLength;
        int inputs = (int)shape.InputLength;
        using WorkerGang single = WorkerPool.Shared.Lease(1);
        float[] last = Run(single, shape, 1, input[((Batch - 1) * inputs)..], gradient[((Batch - 1) * outputs)..]);
        CollectionAssert.AreEqual(all[((Batch - 1) * outputs)..(Batch * outputs)], last[..outputs]);
        CollectionAssert.AreEqual(all[((2 * Batch * outputs) + ((Batch - 1) * inputs))..((2 * Batch * outputs) + (Batch * inputs))], last[(2 * outputs)..((2 * outputs) + inputs)]);
    }

    private static float[] Run(WorkerGang gang, PoolingShape shape, int batch, float[] input, float[] gradient)
    {
        int outputs = batch * (int)shape.OutputLength;
        using GuardedFloats x = new(input);
        using GuardedFloats max = new(outputs);
        using GuardedFloats average = new(outputs);
        using GuardedFloats indices = new(outputs);
        using GuardedFloats dy = new(gradient);
        using GuardedFloats dx = new(input.Length);
        using GuardedFloats averageGradient = new(input.Length);
        MaxPooling.ForwardWithIndices(gang, shape, batch, x.Pointer, max.Pointer, (int*)indices.Pointer);
        MaxPooling.Backward(gang, shape, batch, dy.Pointer, (int*)indices.Pointer, dx.Pointer, accumulate: false);
        AveragePooling.Forward(gang, shape, batch, x.Pointer, average.Pointer);
        AveragePooling.Backward(gang, shape, batch, dy.Pointer, averageGradient.Pointer, accumulate: false);
        return [.. max.Values, .. average.Values, .. dx.Values, .. averageGradient.Values];
    }

    private static void ForAll(Action<WorkerGang, PoolingShape, int, float[], float[]> check)
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        foreach (PoolingShape geometry in Shapes)
        {
            foreach (int channels in ChannelCounts)
            {
                PoolingShape shape = geometry with { Channels = channels };
                const int Batch = 2;
                float[] input = GuardedFloats.Uniform(channels, (int)(Batch * shape.InputLength));
                float[] gradient = GuardedFloats.Uniform(channels + 1, (int)(Batch * shape.OutputLength));
                check(gang, shape, Batch, input, gradient);
            }
        }
    }

    private static PoolingShape Shape(
        int height, int width, int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int paddingTop, int paddingLeft) =>
        new(
            height,
            width,
            1,
            ((height + (2 * paddingTop) - kernelHeight) / strideHeight) + 1,
            ((width + (2 * paddingLeft) - kernelWidth) / strideWidth) + 1,
            kernelHeight,
            kernelWidth,
            strideHeight,
            strideWidth,
            paddingTop,
            paddingLeft,
            CountIncludesPadding: false,
            Adaptive: false);
}
