using System.Buffers.Binary;
using Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks.Schema;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks;

/// <summary>TensorBoard's event files, read by protocol buffers' own parser from TensorFlow's schema.</summary>
[TestClass]
public sealed class TensorBoardLogTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convnet-test-").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Every_epoch_stands_in_the_files_as_it_went()
    {
        using InMemoryDataset training = SmallImages.Make(24, seed: 1);
        using InMemoryDataset validation = SmallImages.Make(24, seed: 2);
        TrainingOptions options = new()
        {
            Epochs = 3,
            BatchSize = 8,
            ValidationSet = validation,
            Callbacks = [new TensorBoardLog(_folder) { EverySteps = 2 }],
        };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, training, options);
        result.Weights.Dispose();

        List<Event> events = Read("train");
        Assert.AreEqual("brain.Event:2", events[0].FileVersion);
        AssertScalars(events, "epoch_loss", result, epoch => epoch.Loss);
        AssertScalars(events, "epoch_accuracy", result, epoch => epoch.Accuracy);
        AssertScalars(events, "epoch_learning_rate", result, epoch => epoch.LearningRate);
        CollectionAssert.AreEqual(
            (long[])[2, 4, 6, 8],
            events.Where(e => e.Summary is not null && e.Summary.Value.Any(value => value.Tag == "batch_loss")).Select(e => e.Step).ToArray());
        List<Event> judged = Read("validation");
        AssertScalars(judged, "epoch_loss", result, epoch => epoch.ValidationLoss);
        AssertScalars(judged, "epoch_accuracy", result, epoch => epoch.ValidationAccuracy);
        double now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        Assert.IsTrue(events.All(e => e.WallTime > now - 600 && e.WallTime <= now));
    }

    // "123456789" has the checksum 0xE3069283 (RFC 3720, B.4, and every catalogue of checksums): the test's own is right.
    [TestMethod]
    public void The_checksum_with_which_frames_are_checked_is_the_one_of_Castagnoli() =>
        Assert.AreEqual(0xE3069283, Checksum("123456789"u8));

    private static void AssertScalars(List<Event> events, string tag, TrainingResult result, Func<EpochMetrics, double?> expected)
    {
        (long Step, float Value)[] found =
        [
            .. from e in events
               where e.Summary is not null
               from value in e.Summary.Value
               where value.Tag == tag
               select (e.Step, value.SimpleValue),
        ];
        CollectionAssert.AreEqual(result.Epochs.Select(epoch => ((long)epoch.Epoch, (float)expected(epoch)!.Value)).ToArray(), found, tag);
    }

    private List<Event> Read(string run)
    {
        string file = Directory.GetFiles(Path.Combine(_folder, run), "events.out.tfevents.*").Single();
        byte[] bytes = File.ReadAllBytes(file);
        List<Event> events = [];
        for (int at = 0; at < bytes.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            AssertChecksum(bytes.AsSpan(at, 8), bytes.AsSpan(at + 8));
            AssertChecksum(bytes.AsSpan(at + 12, length), bytes.AsSpan(at + 12 + length));
            events.Add(Event.Parser.ParseFrom(bytes.AsSpan(at + 12, length)));
            at += 12 + length + 4;
        }

        return events;
    }

    // TFRecord: ((crc >> 15) | (crc << 17)) + 0xa282ead8.
    private static void AssertChecksum(ReadOnlySpan<byte> content, ReadOnlySpan<byte> written)
    {
        uint checksum = Checksum(content);
        Assert.AreEqual(unchecked(((checksum >> 15) | (checksum << 17)) + 0xa282ead8), BinaryPrimitives.ReadUInt32LittleEndian(written));
    }

    private static uint Checksum(ReadOnlySpan<byte> content)
    {
        uint checksum = uint.MaxValue;
        foreach (byte value in content)
        {
            checksum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                checksum = (checksum & 1) == 0 ? checksum >> 1 : (checksum >> 1) ^ 0x82F63B78;
            }
        }

        return ~checksum;
    }
}
