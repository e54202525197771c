using Microsoft.ML.ConvNet.Core.Tests.Oracles;
using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Normalization;

[TestClass]
public sealed unsafe class BatchNormalizationTests
{
    private const float Epsilon = 1e-3f;

    private static readonly (int Rows, int Channels)[] Shapes =
    [
        (1, 5), (2, 1), (7, 3), (50, 6), (33, 16), (19, 17), (100, 33), (37, 64), (21, 65), (9, 128), (13, 200), (5, 2100), (7000, 5), (900, 48),
    ];

    [TestMethod]
    public void Statistics_and_output_are_those_of_the_definition() =>
        ForAll((gang, rows, channels, x, gamma, beta, dy) =>
        {
            double[] exact = Doubles(x);
            (double[] mean, double[] variance) = BatchNormalizationOracle.Statistics(rows, channels, exact);
            using Memory memory = new(rows, channels, x, gamma, beta, dy);
            BatchNormalization.Statistics(
                gang, rows, channels, memory.X.Pointer, memory.Mean.Pointer, memory.Variance.Pointer, memory.Workspace.Pointer);
            memory.Mean.AssertClose(mean, 1e-6, 1e-6, $"mean of {rows} by {channels}");
            memory.Variance.AssertClose(variance, 2e-6, 1e-12, $"variance of {rows} by {channels}");
            memory.Normalize(gang, memory.X.Pointer);
            memory.X.AssertClose(
                BatchNormalizationOracle.Forward(rows, channels, exact, Doubles(gamma), Doubles(beta), Epsilon),
                1e-5,
                1e-5,
                $"output of {rows} by {channels}, in place");
        });

    [TestMethod]
    public void Gradients_are_those_of_the_definition() =>
        ForAll((gang, rows, channels, x, gamma, beta, dy) =>
        {
            (double[] dx, double[] dgamma, double[] dbeta) = BatchNormalizationOracle.Backward(
                rows, channels, Doubles(x), Doubles(dy), Doubles(gamma), Epsilon);
            double scale = Math.Sqrt(rows) * 2e-6;
            using Memory memory = new(rows, channels, x, gamma, beta, dy);
            memory.Statistics(gang);
            using GuardedFloats gradient = new(x.Length, fill: 0.5f);
            using GuardedFloats scaleGradient = new(channels, fill: 0.5f);
            using GuardedFloats shiftGradient = new(channels, fill: 0.5f);
            memory.Backward(gang, gradient.Pointer, scaleGradient.Pointer, shiftGradient.Pointer, accumulate: true, accumulateParameters: true);
            gradient.AssertClose(Array.ConvertAll(dx, v => v + 0.5), 2e-5, 2e-5, $"dx of {rows} by {channels}, added");
            scaleGradient.AssertClose(Array.ConvertAll(dgamma, v => v + 0.5), 1e-5, scale, $"dgamma of {rows} by {channels}, added");
            shiftGradient.AssertClose(Array.ConvertAll(dbeta, v => v + 0.5), 1e-5, scale, $"dbeta of {rows} by {channels}, added");
            memory.Backward(gang, null, scaleGradient.Pointer, shiftGradient.Pointer, accumulate: false, accumulateParameters: false);
            scaleGradient.AssertClose(dgamma, 1e-5, scale, $"dgamma of {rows} by {channels}");
            shiftGradient.AssertClose(dbeta, 1e-5, scale, $"dbeta of {rows} by {channels}");
            memory.Backward(gang, memory.Dy.Pointer, null, null, accumulate: false, accumulateParameters: false);
            memory.Dy.AssertClose(dx, 2e-5, 2e-5, $"dx of {rows} by {channels}, in place");
        });

    [TestMethod]
    public void A_residual_and_relu_after_it_give_the_output_and_the_gradients_of_the_three_in_a_row() =>
        ForAll((gang, rows, channels, x, gamma, beta, dy) =>
        {
            float[] residual = GuardedFloats.Uniform(9, x.Length);
            double[] output = BatchNormalizationOracle.Forward(rows, channels, Doubles(x), Doubles(gamma), Doubles(beta), Epsilon);
            using Memory memory = new(rows, channels, x, gamma, beta, dy);
            using GuardedFloats added = new(residual);
            using GuardedFloats y = new(x.Length);
            memory.Statistics(gang);
            memory.Normalize(gang, y.Pointer, new Epilogue { Residual = added.Pointer, IsRelu = true });
            y.AssertClose(
                [.. output.Select((value, i) => Math.Max(0, value + residual[i]))], 1e-5, 1e-5, $"output of {rows} by {channels}");

            double[] masked = [.. dy.Select((value, i) => y.Values[i] > 0 ? (double)value : 0)];
            (double[] dx, double[] dgamma, double[] dbeta) = BatchNormalizationOracle.Backward(
                rows, channels, Doubles(x), masked, Doubles(gamma), Epsilon);
            double scale = Math.Sqrt(rows) * 2e-6;
            using GuardedFloats gradient = new(x.Length);
            using GuardedFloats scaleGradient = new(channels);
            using GuardedFloats shiftGradient = new(channels);
            memory.Backward(
                gang, gradient.Pointer, scaleGradient.Pointer, shiftGradient.Pointer, false, false, rectified: y.Pointer);
            gradient.AssertClose(dx, 2e-5, 2e-5, $"dx of {rows} by {channels}");
            scaleGradient.AssertClose(dgamma, 1e-5, scale, $"dgamma of {rows} by {channels}");
            shiftGradient.AssertClose(dbeta, 1e-5, scale, $"dbeta of {rows} by {channels}");
            memory.Dy.AssertClose(masked, 0, 0, $"gradient of the residual of {rows} by {channels}");
        });

    [TestMethod]
    public void The_gradient_with_fixed_statistics_is_that_of_a_scale()
    {
        const int Rows = 40;
        const int Channels = 6;
        ThreadCounts.Single(gang =>
        {
            float[] dy = GuardedFloats.Uniform(1, Rows * Channels);
            float[] gamma = GuardedFloats.Uniform(2, Channels);
            using Memory memory = new(Rows, Channels, GuardedFloats.Uniform(3, Rows * Channels), gamma, gamma, dy);
            memory.Statistics(gang);
            using GuardedFloats dx = new(dy.Length);
            memory.Backward(gang, dx.Pointer, null, null, accumulate: false, accumulateParameters: false, fixedStatistics: true);
            double[] expected = new double[dy.Length];
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] = dy[i] * gamma[i % Channels] / Math.Sqrt(memory.Variance.Values[i % Channels] + Epsilon);
            }

            dx.AssertClose(expected, 1e-6, 1e-7, "dx");
        });
    }

    [TestMethod]
    public void A_variance_survives_a_mean_a_thousand_times_larger_than_the_deviation()
    {
        const int Rows = 20_000;
        const int Channels = 3;
        float[] values = Array.ConvertAll(GuardedFloats.Uniform(5, Rows * Channels), v => 1000f + v);
        (_, double[] variance) = BatchNormalizationOracle.Statistics(Rows, Channels, Doubles(values));
        ThreadCounts.Single(gang =>
        {
            using Memory memory = new(Rows, Channels, values, new float[Channels], new float[Channels], values);
            memory.Statistics(gang);
            memory.Variance.AssertClose(variance, 5e-6, 0, "variance");
        });
    }

    [TestMethod]
    public void NaN_in_a_channel_stays_in_that_channel()
    {
        const int Channels = 20;
        float[] values = GuardedFloats.Uniform(5, 50 * Channels);
        values[7] = float.NaN;
        ThreadCounts.Single(gang =>
        {
            using Memory memory = new(50, Channels, values, new float[Channels], new float[Channels], values);
            memory.Statistics(gang);
            for (int c = 0; c < Channels; c++)
            {
                Assert.AreEqual(c == 7, float.IsNaN(memory.Mean.Values[c]), $"mean of channel {c}");
                Assert.AreEqual(c == 7, float.IsNaN(memory.Variance.Values[c]), $"variance of channel {c}");
            }
        });
    }

    [TestMethod]
    public void Running_statistics_move_towards_the_unbiased_estimate()
    {
        using GuardedFloats mean = new([1f, 2f]);
        using GuardedFloats variance = new([4f, 8f]);
        using GuardedFloats runningMean = new([0f, 1f]);
        using GuardedFloats runningVariance = new([1f, 1f]);
        BatchNormalization.UpdateRunning(2, 5, mean.Pointer, variance.Pointer, 0.1f, runningMean.Pointer, runningVariance.Pointer);
        // 0.9 * 0 + 0.1 * 1 and 0.9 * 1 + 0.1 * 4 * 5 / 4.
        runningMean.AssertClose([0.1, 1.1], 1e-6, 0, "running mean");
        runningVariance.AssertClose([1.4, 1.9], 1e-6, 0, "running variance");
    }

    [TestMethod]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        foreach ((int rows, int channels) in ((int, int)[])[(9001, 6), (5000, 33), (700, 96), (60, 1030)])
        {
            float[] x = GuardedFloats.Uniform(6, rows * channels);
            float[] dy = GuardedFloats.Uniform(7, rows * channels);
            float[] gamma = GuardedFloats.Uniform(8, channels);
            ThreadCounts.SameBits($"{rows} by {channels}", gang =>
            {
                using Memory memory = new(rows, channels, x, gamma, gamma, dy);
                using GuardedFloats y = new(x.Length);
                using GuardedFloats dgamma = new(channels);
                using GuardedFloats dbeta = new(channels);
                memory.Statistics(gang);
                memory.Normalize(gang, y.Pointer);
                memory.Backward(gang, memory.Dy.Pointer, dgamma.Pointer, dbeta.Pointer, accumulate: true, accumulateParameters: false);
                return [.. y.Values, .. memory.Dy.Values, .. dgamma.Values, .. dbeta.Values, .. memory.Mean.Values, .. memory.Variance.Values];
            });
        }
    }

    private static void ForAll(Action<WorkerGang, int, int, float[], float[], float[], float[]> check)
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        foreach ((int rows, int channels) in Shapes)
        {
            check(
                gang,
                rows,
                channels,
                GuardedFloats.Uniform(rows, rows * channels, -1f, 3f),
                GuardedFloats.Uniform(1, channels),
                GuardedFloats.Uniform(2, channels),
                GuardedFloats.Uniform(3, rows * channels));
        }
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, v => (double)v);

    private sealed class Memory(int rows, int channels, float[] x, float[] gamma, float[] beta, float[] dy) : IDisposable
    {
        public GuardedFloats X { get; } = new(x);

        public GuardedFloats Gamma { get; } = new(gamma);

        public GuardedFloats Beta { get; } = new(beta);

        public GuardedFloats Dy { get; } = new(dy);

        public GuardedFloats Mean { get; } = new(channels);

        public GuardedFloats Variance { get; } = new(channels);

        public GuardedFloats Workspace { get; } = new((int)BatchNormalization.WorkspaceLength(rows, channels), fill: float.NaN);

        public void Statistics(WorkerGang gang) =>
            BatchNormalization.Statistics(gang, rows, channels, X.Pointer, Mean.Pointer, Variance.Pointer, Workspace.Pointer);

        public void Normalize(WorkerGang gang, float* y, Epilogue epilogue = default) =>
            BatchNormalization.Normalize(
                gang, rows, channels, X.Pointer, Mean.Pointer, Variance.Pointer, Gamma.Pointer, Beta.Pointer, Epsilon, epilogue, y);

        public void Backward(
            WorkerGang gang,
            float* dx,
            float* dgamma,
            float* dbeta,
            bool accumulate,
            bool accumulateParameters,
            bool fixedStatistics = false,
            float* rectified = null) =>
            BatchNormalization.Backward(
                gang,
                rows,
                channels,
                X.Pointer,
                Dy.Pointer,
                Mean.Pointer,
                Variance.Pointer,
                Gamma.Pointer,
                Epsilon,
                dx,
                dgamma,
                dbeta,
                Workspace.Pointer,
                accumulate,
                accumulateParameters,
                fixedStatistics,
                rectified);

        public void Dispose()
        {
            X.Dispose();
            Gamma.Dispose();
            Beta.Dispose();
            Dy.Dispose();
            Mean.Dispose();
            Variance.Dispose();
            Workspace.Dispose();
        }
    }
}
