using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Layout;

[TestClass]
public sealed unsafe class ConcatenationTests
{
    [TestMethod]
    public void Slices_land_beside_each_other_and_come_back()
    {
        int[] channels = [3, 1, 16, 5, 33];
        int total = channels.Sum();
        const int Rows = 37;
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        using GuardedFloats y = new(Rows * total, fill: float.NaN);
        int offset = 0;
        for (int i = 0; i < channels.Length; i++)
        {
            float[] values = GuardedFloats.Uniform(i, Rows * channels[i]);
            using GuardedFloats x = new(values);
            Concatenation.Forward(gang, Rows, channels[i], total, offset, x.Pointer, y.Pointer);
            x.Values.Clear();
            Concatenation.Backward(gang, Rows, channels[i], total, offset, y.Pointer, x.Pointer, accumulate: false);
            x.AssertSameBits(values, $"slice {i}");
            Concatenation.Backward(gang, Rows, channels[i], total, offset, y.Pointer, x.Pointer, accumulate: true);
            x.AssertClose(Array.ConvertAll(values, v => 2.0 * v), 0, 0, $"slice {i} added");
            for (int row = 0; row < Rows; row++)
            {
                for (int c = 0; c < channels[i]; c++)
                {
                    Assert.AreEqual(values[(row * channels[i]) + c], y.Values[(row * total) + offset + c]);
                }
            }

            offset += channels[i];
        }

        Assert.IsFalse(y.Values.Contains(float.NaN));
    }
}
