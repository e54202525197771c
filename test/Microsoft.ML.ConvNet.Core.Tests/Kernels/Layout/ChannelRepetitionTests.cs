using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Layout;

[TestClass]
public sealed unsafe class ChannelRepetitionTests
{
    [TestMethod]
    public void Every_channel_is_repeated_and_the_gradients_of_its_repetitions_are_summed()
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        foreach ((int rows, int channels) in new[] { (1, 1), (5, 3), (7, 17), (300, 33) })
        {
            foreach (int repeats in new[] { 2, 3, 8, 16, 17, 40 })
            {
                float[] values = GuardedFloats.Uniform(repeats, rows * channels);
                float[] gradients = GuardedFloats.Uniform(repeats + 1, rows * channels * repeats);
                double[] repeated = [.. Enumerable.Range(0, gradients.Length).Select(i => (double)values[i / repeats])];
                double[] summed = [.. gradients.Chunk(repeats).Select(chunk => chunk.Sum(value => (double)value))];
                using GuardedFloats x = new(values);
                using GuardedFloats y = new(gradients.Length);
                using GuardedFloats dy = new(gradients);
                using GuardedFloats dx = new(values.Length, fill: 0.5f);
                ChannelRepetition.Forward(gang, rows, channels, repeats, x.Pointer, y.Pointer);
                y.AssertClose(repeated, 0, 0, $"{rows} rows of {channels}, {repeats} times");
                ChannelRepetition.Backward(gang, rows, channels, repeats, dy.Pointer, dx.Pointer, accumulate: true);
                dx.AssertClose([.. summed.Select(sum => sum + 0.5)], 1e-5, 1e-5, $"{rows} rows of {channels}, {repeats} times, added");
                ChannelRepetition.Backward(gang, rows, channels, repeats, dy.Pointer, dx.Pointer, accumulate: false);
                dx.AssertClose(summed, 1e-5, 1e-5, $"{rows} rows of {channels}, {repeats} times, gradient");
            }
        }
    }
}
