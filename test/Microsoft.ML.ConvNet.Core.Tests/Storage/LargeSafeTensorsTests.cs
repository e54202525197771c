using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using static Microsoft.ML.ConvNet.Core.Tests.Storage.SafeTensorsFile;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

/// <summary>Files of more than 2 GB, and what reading takes in memory. Alone in the process, since memory is measured.</summary>
[TestClass]
[DoNotParallelize]
public sealed class LargeSafeTensorsTests
{
    private const long ThreeGigabytes = 3L << 30;

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_tensor_of_3_GB_that_is_not_needed_is_passed_over(bool canSeek)
    {
        Network network = Network.Input([2]).Dense(1, useBias: false, name: "fc");
        string header =
            $"{{\"large\":{Tensor($"{ThreeGigabytes / 4}", 0, ThreeGigabytes)},\"fc.weight\":{Tensor("1,2", ThreeGigabytes, ThreeGigabytes + 8)}}}";
        byte[] beginning = Of(header);
        using LargeFile file = new(beginning, beginning.Length + ThreeGigabytes + 8, canSeek);
        using Weights weights = PyTorchWeights.Read(file, network, allowOthers: true);
        CollectionAssert.AreEqual(new float[2], weights["fc.weight"].ToArray());
        Assert.AreEqual(beginning.Length + 8 + (canSeek ? 0 : ThreeGigabytes), file.BytesRead);
    }

    [TestMethod]
    public void Weights_from_an_archive_go_straight_to_their_place()
    {
        Network network = Network.Input([2000]).Dense(4000, useBias: false, name: "fc");
        byte[] beginning = Of($"{{\"fc.weight\":{Tensor("2000,4000", 0, 32_000_000)}}}");
        using LargeFile file = new(beginning, beginning.Length + 32_000_000L, canSeek: false);
        long before = GC.GetTotalAllocatedBytes();
        using Weights weights = SafeTensors.Read(file, network);
        Assert.IsLessThan(1_000_000, GC.GetTotalAllocatedBytes() - before, "Managed bytes beside 32 MB of weights.");
    }

    [TestMethod]
    public void Bytes_behind_the_last_tensor_of_an_archive_are_refused()
    {
        byte[] file = Of($"{{\"a\":{Tensor("1", 0, 4)}}}", new byte[5]);
        StringAssert.Contains(
            Assert.ThrowsExactly<ModelFormatException>(() => SafeTensors.ReadTensors(new LargeFile(file, file.Length, canSeek: false))).Message,
            "Received: bytes after the last tensor.");
    }

    [TestMethod]
    public void Weights_of_more_than_2_GB_are_written_and_read()
    {
        if (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < 6L << 30)
        {
            Assert.Inconclusive("The test takes 2.2 GB, and this machine has less than 6 GB.");
        }

        Network network = Network.Input([20_000]).Dense(27_000, useBias: false, name: "fc");
        const long Bytes = 20_000L * 27_000 * sizeof(float);
        byte[] beginning = Of($"{{\"fc.weight\":{Tensor("20000,27000", 0, Bytes)}}}", 0, 0, 128, 63);
        using LargeFile file = new(beginning, beginning.Length - 4 + Bytes, canSeek: false);
        using Weights weights = SafeTensors.Read(file, network);
        Assert.AreEqual(Bytes, weights["fc.weight"].Count * (long)sizeof(float));
        Assert.AreEqual(1f, weights["fc.weight"].Span[0]);
        Assert.IsLessThan(0, weights["fc.weight"].Span[1..].IndexOfAnyExcept(0f));
        weights["fc.weight"].Span[^1] = -2;
        using LastBytes written = new();
        SafeTensors.Write(weights, written);
        Assert.AreEqual(0, (written.Position - Bytes) % 8, "A header of whole words.");
        CollectionAssert.AreEqual(new byte[] { 0, 0, 0, 0xC0 }, written.Last);
    }

    /// <summary>Counts what is written to it and keeps the last four bytes.</summary>
    private sealed class LastBytes : MemoryStream
    {
        private long _position;

        public byte[] Last { get; private set; } = [];

        public override long Position => _position;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _position += buffer.Length;
            Last = buffer.Length >= 4 ? buffer[^4..].ToArray() : Last;
        }
    }
}
