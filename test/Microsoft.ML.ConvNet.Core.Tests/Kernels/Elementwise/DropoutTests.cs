using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Elementwise;

[TestClass]
public sealed unsafe class DropoutTests
{
    private const ulong Seed = 0x1234_5678_9ABC_DEF0;

    [TestMethod]
    public void The_mask_is_that_of_the_counter_based_generator()
    {
        const int Columns = 150;
        const float Rate = 0.3f;
        uint[] samples = [7, 4_000_000_000];
        float[] factors = Mask(samples, Columns, Rate, layer: 5, epoch: 2);
        for (int row = 0; row < samples.Length; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                int group = column / 64;
                int word = column % 64 / 16;
                uint block = (uint)((group * 16) + (column % 16));
                (uint a, uint b, uint c, uint d) = CounterRandom.Block(
                    Seed, block, (uint)RandomPurpose.Dropout | (5 << 8), 2, samples[row]);
                uint random = word switch { 0 => a, 1 => b, 2 => c, _ => d };
                float expected = random >= (uint)(Rate * 4294967296.0) ? 1f / (1f - Rate) : 0f;
                Assert.AreEqual(expected, factors[(row * Columns) + column], $"row {row}, column {column}");
            }
        }
    }

    [TestMethod]
    public void The_share_of_dropped_elements_is_the_rate_and_the_mean_stays()
    {
        uint[] samples = Enumerable.Range(0, 50).Select(i => (uint)i).ToArray();
        float[] factors = Mask(samples, 4000, 0.2f, layer: 0, epoch: 0);
        // 200,000 draws: the standard deviation of the share is 0.0009.
        Assert.AreEqual(0.2, factors.Count(f => f == 0f) / (double)factors.Length, 0.005);
        Assert.AreEqual(1.0, factors.Average(), 0.007);
    }

    [TestMethod]
    public void Layer_epoch_and_sample_have_masks_of_their_own()
    {
        float[] mask = Mask([1], 500, 0.5f, layer: 1, epoch: 1);
        CollectionAssert.AreEqual(mask, Mask([1], 500, 0.5f, layer: 1, epoch: 1));
        CollectionAssert.AreNotEqual(mask, Mask([2], 500, 0.5f, layer: 1, epoch: 1));
        CollectionAssert.AreNotEqual(mask, Mask([1], 500, 0.5f, layer: 2, epoch: 1));
        CollectionAssert.AreNotEqual(mask, Mask([1], 500, 0.5f, layer: 1, epoch: 2));
    }

    [TestMethod]
    public void A_rate_of_zero_keeps_everything()
    {
        Assert.IsFalse(Mask([3], 200, 0f, layer: 0, epoch: 0).AsSpan().ContainsAnyExcept(1f));
    }

    [TestMethod]
    public void The_backward_pass_draws_the_same_mask_with_any_threads()
    {
        const int Rows = 3;
        const int Columns = 9001;
        uint[] samples = [9, 8, 7];
        float[] gradients = GuardedFloats.Uniform(1, Rows * Columns);
        float[] mask = Mask(samples, Columns, 0.5f, layer: 3, epoch: 4);
        float[] dx = ThreadCounts.SameBits("dropout", gang =>
        {
            using GuardedFloats dy = new(gradients);
            using GuardedFloats result = new(gradients.Length, fill: 1f);
            fixed (uint* ids = samples)
            {
                Dropout.Backward(gang, Rows, Columns, dy.Pointer, result.Pointer, 0.5f, Seed, 3, 4, ids, accumulate: true);
                Dropout.Backward(gang, Rows, Columns, dy.Pointer, dy.Pointer, 0.5f, Seed, 3, 4, ids, accumulate: false);
            }

            return [.. result.Values, .. dy.Values];
        });
        for (int i = 0; i < gradients.Length; i++)
        {
            Assert.AreEqual(1f + (gradients[i] * mask[i]), dx[i]);
            Assert.AreEqual(gradients[i] * mask[i], dx[gradients.Length + i]);
        }
    }

    private static float[] Mask(uint[] samples, int columns, float rate, uint layer, uint epoch)
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        using GuardedFloats x = new(samples.Length * columns, fill: 1f);
        fixed (uint* ids = samples)
        {
            Dropout.Forward(gang, samples.Length, columns, x.Pointer, x.Pointer, rate, Seed, layer, epoch, ids);
        }

        return x.Values.ToArray();
    }
}
