using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Steps;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Steps;

/// <summary>Whether batches are read ahead is what turns out to be faster.</summary>
[TestClass]
public sealed class ReadingTrialTests
{
    [TestMethod]
    [DataRow(10, 6, true)]
    [DataRow(10, 10, false)]
    [DataRow(10, 13, false)]
    public void The_faster_way_is_kept(int together, int ahead, bool isAhead)
    {
        StoppedClock clock = new();
        ReadingTrial trial = new(clock);
        for (int batch = 0; batch < 2 * ReadingTrial.BatchesOfEach; batch++)
        {
            trial.Next();
            Assert.IsFalse(trial.IsOver);
            Assert.AreEqual(batch >= ReadingTrial.BatchesOfEach, trial.ReadsAhead);
            int milliseconds = trial.ReadsAhead ? ahead : together;

            // Memory is taken in the first batches, and one batch has the validation behind it.
            clock.Pass(batch % ReadingTrial.BatchesOfEach is 0 or 5 ? 1000 : milliseconds);
        }

        trial.Next();
        Assert.IsTrue(trial.IsOver);
        Assert.AreEqual(isAhead, trial.ReadsAhead);
    }

    [TestMethod]
    public void A_training_tries_both_ways_and_gives_the_bits_of_either()
    {
        using InMemoryDataset images = SmallImages.Make(64, seed: 1);
        WatchedImages watched = new(images);
        TrainingOptions options = new() { Epochs = 4, BatchSize = 4, NumberOfThreads = 2 };
        Assert.AreEqual(
            BatchPrefetcherTests.HashOf(NetworkTrainer.Train(SmallImages.Network, new WatchedImages(images), options with { PrefetchedBatches = 0 })),
            BatchPrefetcherTests.HashOf(NetworkTrainer.Train(SmallImages.Network, watched, options)));
        Assert.IsFalse(watched.Readers.Single().IsAlive);
    }

    private sealed class StoppedClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public void Pass(long milliseconds) => _now += milliseconds;

        public override long GetTimestamp() => _now;
    }
}
