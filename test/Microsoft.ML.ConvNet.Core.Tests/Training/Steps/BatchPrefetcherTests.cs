using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Core.Tests.Tensors;
using Microsoft.ML.ConvNet.Core.Tests.Training.Checkpoints;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Steps;

/// <summary>
/// Batches that are read ahead: the same training, whatever ends it, and nothing left behind. Alone in the process, since its native memory and its
/// managed one are counted.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class BatchPrefetcherTests
{
    private long _before;

    [TestInitialize]
    public void Count()
    {
        NativeMemoryCount.FreeWhatIsLeft();
        _before = NativeBuffer.LiveBytes;
    }

    [TestCleanup]
    public void Everything_was_given_back()
    {
        NativeMemoryCount.FreeWhatIsLeft();
        Assert.AreEqual(_before, NativeBuffer.LiveBytes);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void A_training_ends_in_the_same_bits_with_any_number_of_batches_read_ahead_and_of_threads(int accumulated)
    {
        byte[] expected = Bits(threads: 1, ahead: 0, accumulated);
        foreach (int threads in new[] { 1, 2, 4 })
        {
            foreach (int ahead in new[] { 0, 1, 2, 5 })
            {
                CollectionAssert.AreEqual(expected, Bits(threads, ahead, accumulated), $"{threads} threads, {ahead} batches ahead");
            }
        }
    }

    [TestMethod]
    public void Target_values_are_read_ahead_too()
    {
        using InMemoryDataset images = SmallImages.Make(20, seed: 1);
        TrainingOptions options = new() { Epochs = 2, BatchSize = 6, Loss = new SquaredError(), NumberOfThreads = 2, PrefetchedBatches = 2 };
        byte[] bits = Bits(NetworkTrainer.Train(SmallImages.Network, images, options with { PrefetchedBatches = 0 }));
        CollectionAssert.AreEqual(bits, Bits(NetworkTrainer.Train(SmallImages.Network, new WatchedImages(images), options)));
    }

    [TestMethod]
    public void Batches_are_read_by_a_thread_of_their_own_which_ends_with_the_training()
    {
        using InMemoryDataset images = SmallImages.Make(64, seed: 1);
        WatchedImages watched = new(images);
        TrainingOptions options = new() { Epochs = 20, BatchSize = 8, NumberOfThreads = 2, PrefetchedBatches = 2 };
        NetworkTrainer.Train(SmallImages.Network, watched, options).Weights.Dispose();
        Thread reader = watched.Readers.Single();
        Assert.IsFalse(reader.IsAlive);

        WatchedImages unwatched = new(images);
        NetworkTrainer.Train(SmallImages.Network, unwatched, options with { PrefetchedBatches = 0 }).Weights.Dispose();
        NetworkTrainer.Train(SmallImages.Network, unwatched, options with { NumberOfThreads = 1 }).Weights.Dispose();
        Assert.IsEmpty(unwatched.Readers);

        unwatched = new WatchedImages(images, isInMemory: true);
        NetworkTrainer.Train(SmallImages.Network, unwatched, options).Weights.Dispose();
        Assert.IsEmpty(unwatched.Readers, "to copy takes less time than to wake another thread");
        NetworkTrainer.Train(SmallImages.Network, unwatched, options with { Mixup = 0.2f }).Weights.Dispose();
        Assert.HasCount(1, unwatched.Readers, "to mix takes some");
    }

    [TestMethod]
    public void No_more_batches_are_read_ahead_than_asked_for()
    {
        using InMemoryDataset images = SmallImages.Make(64, seed: 1);
        int taken = 0;
        int read = 0;
        int most = 0;
        WatchedImages watched = new(images, (_, _) =>
        {
            int ahead = Interlocked.Increment(ref read) - Volatile.Read(ref taken);
            for (int seen = most; ahead > seen; seen = most)
            {
                _ = Interlocked.CompareExchange(ref most, ahead, seen);
            }
        });
        TrainingOptions options = new()
        {
            Epochs = 3,
            BatchSize = 4,
            NumberOfThreads = 2,
            PrefetchedBatches = 3,
            BatchCompleted = _ =>
            {
                // Time for the reader to go as far as it may.
                Thread.Sleep(2);
                Volatile.Write(ref taken, taken + 4);
            },
        };
        NetworkTrainer.Train(SmallImages.Network, watched, options).Weights.Dispose();
        Assert.IsGreaterThan(4, most, "something was read ahead");
        Assert.IsLessThanOrEqualTo(4 * 4, most, "three batches, behind the one that is learnt from");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void An_image_that_is_bad_late_comes_out_as_it_was_thrown_with_the_best_weights_kept(int threads)
    {
        using InMemoryDataset images = SmallImages.Make(32, seed: 1);
        InvalidTimeZoneException thrown = new("The image of sample 9.");
        WatchedImages watched = new(images, (index, epoch) =>
        {
            if (epoch == 2 && index == 9)
            {
                throw thrown;
            }
        });
        TrainingOptions options = new() { Epochs = 2, BatchSize = 8, LearningRate = 0.1f, NumberOfThreads = threads };
        byte[] expected = Bits(NetworkTrainer.Train(SmallImages.Network, images, options));
        TrainingResult? kept = null;
        InvalidTimeZoneException error = Assert.ThrowsExactly<InvalidTimeZoneException>(
            () => NetworkTrainer.Train(SmallImages.Network, watched, options with { Epochs = 9, Failed = result => kept = result }));
        Assert.AreSame(thrown, error);
        Assert.AreEqual(2, kept!.WeightsEpoch);
        CollectionAssert.AreEqual(expected, Bits(kept));
        Assert.IsTrue(watched.Readers.All(reader => !reader.IsAlive));
    }

    [TestMethod]
    public void Of_several_bad_images_of_a_batch_the_first_is_named_whoever_reads_it()
    {
        using InMemoryDataset images = SmallImages.Make(32, seed: 1);
        foreach (int ahead in new[] { 0, 2 })
        {
            for (int run = 0; run < 20; run++)
            {
                WatchedImages watched = new(images, (index, _) =>
                {
                    if (index >= 5)
                    {
                        Thread.SpinWait(50 * (32 - index));
                        throw new InvalidTimeZoneException(FormattableString.Invariant($"{index}"));
                    }
                });
                TrainingOptions options = new() { BatchSize = 32, Shuffle = false, NumberOfThreads = 4, PrefetchedBatches = ahead };
                Assert.AreEqual("5", Assert.ThrowsExactly<InvalidTimeZoneException>(() => NetworkTrainer.Train(SmallImages.Network, watched, options)).Message);
            }
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void A_cancelled_training_reads_no_more_than_the_samples_at_which_it_is(int ahead)
    {
        using InMemoryDataset images = SmallImages.Make(256, seed: 1);
        using CancellationTokenSource source = new();
        int reads = 0;
        WatchedImages slow = new(images, (_, _) =>
        {
            if (Interlocked.Increment(ref reads) == 20)
            {
                source.Cancel();
            }

            Thread.Sleep(1);
        });
        TrainingOptions options = new() { BatchSize = 128, NumberOfThreads = 2, PrefetchedBatches = ahead, CancellationToken = source.Token };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, slow, options);
        result.Weights.Dispose();
        Assert.IsTrue(result.IsCancelled);
        Assert.IsLessThanOrEqualTo(23, reads, "those of three threads");
        Assert.IsTrue(slow.Readers.All(reader => !reader.IsAlive));
    }

    [TestMethod]
    public void What_a_callback_throws_ends_the_reading_ahead()
    {
        using InMemoryDataset images = SmallImages.Make(64, seed: 1);
        WatchedImages watched = new(images);
        TrainingOptions options = new()
        {
            BatchSize = 4,
            NumberOfThreads = 2,
            PrefetchedBatches = 2,
            BatchCompleted = progress =>
            {
                if (progress.Epoch == 3)
                {
                    throw new InvalidTimeZoneException();
                }
            },
        };
        Assert.ThrowsExactly<InvalidTimeZoneException>(() => NetworkTrainer.Train(SmallImages.Network, watched, options));
        Assert.IsTrue(watched.Readers.All(reader => !reader.IsAlive));
    }

    [TestMethod]
    public void Neither_thread_takes_managed_memory_batch_by_batch()
    {
        using InMemoryDataset images = SmallImages.Make(400, seed: 1);
        List<long> learning = new(1000);
        List<long> reading = new(10000);
        WatchedImages watched = new(images, (_, _) =>
        {
            if (WatchedImages.IsReader)
            {
                reading.Add(GC.GetAllocatedBytesForCurrentThread());
            }
        });
        TrainingOptions options = new()
        {
            Epochs = 3,
            BatchSize = 4,
            NumberOfThreads = 2,
            PrefetchedBatches = 2,
            BatchCompleted = _ =>
            {
                // So that the reader reads, and not only who waits for it.
                Thread.Sleep(1);
                learning.Add(GC.GetAllocatedBytesForCurrentThread());
            },
        };
        NetworkTrainer.Train(SmallImages.Network, watched, options).Weights.Dispose();
        Assert.AreEqual(0L, learning[98] - learning[50]);
        Assert.AreEqual(0L, learning[198] - learning[110]);
        Assert.IsGreaterThan(200, reading.Count, "the reader read");
        Assert.AreEqual(0L, reading[^1] - reading[100]);
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(5000)]
    public void A_number_of_batches_out_of_range_is_refused(int ahead)
    {
        using InMemoryDataset images = SmallImages.Make(8, seed: 1);
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => NetworkTrainer.Train(SmallImages.Network, images, new TrainingOptions { PrefetchedBatches = ahead }));
        StringAssert.Contains(error.Message, FormattableString.Invariant($"from 0 to 1024. Received: {ahead}."));
    }

    private static byte[] Bits(int threads, int ahead, int accumulated)
    {
        TrainingOptions options = StoppableTraining.Options();
        using InMemoryDataset validation = (InMemoryDataset)options.ValidationSet!;
        return StoppableTraining.Train(
            options with { Epochs = 3, NumberOfThreads = threads, PrefetchedBatches = ahead, AccumulatedBatches = accumulated },
            out _,
            StoppableTraining.Augmentation);
    }

    /// <summary>What no other weights have; those of the result are disposed of.</summary>
    internal static string HashOf(TrainingResult result) => Convert.ToHexString(Bits(result));

    private static byte[] Bits(TrainingResult result)
    {
        using Weights weights = result.Weights;
        return [.. weights.Names.SelectMany(name => MemoryMarshal.AsBytes(weights[name].Span).ToArray())];
    }
}
