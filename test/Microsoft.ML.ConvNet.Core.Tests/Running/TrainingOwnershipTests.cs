using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Core.Tests.Tensors;
using Microsoft.ML.ConvNet.Core.Tests.Training;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Core.Tests.Running;

/// <summary>Who holds the memory of a training. Alone in the process, since its native memory is counted.</summary>
[TestClass]
[DoNotParallelize]
public class TrainingOwnershipTests
{
    private const int Batch = 3;

    private static readonly Network Net = Network.Input(6, 6, 1).Conv(4, 3).BatchNorm().Relu().Flatten().Dense(3);
    private static readonly float[] Inputs = DistinctNumbers.Create(Batch * Net.InputShape.ElementCount, seed: 1);
    private static readonly float[] Targets = DistinctNumbers.Create(Batch * 3, seed: 2);

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
    public void A_session_disposed_of_while_it_steps_finishes_the_step_and_refuses_the_next()
    {
        using Weights weights = TestWeights.Create(Net);
        for (int round = 0; round < 30; round++)
        {
            TrainingSession session = new(Net, weights, new MeanSquares(), Batch, numberOfThreads: 1, seed: 1);
            int steps = 0;
            Concurrently.Run(3, thread =>
            {
                if (thread > 0)
                {
                    SpinWait.SpinUntil(() => Volatile.Read(ref steps) >= round);
                    session.Dispose();
                    return;
                }

                ObjectDisposedException refused = Assert.ThrowsExactly<ObjectDisposedException>(() =>
                {
                    for (; ; steps++)
                    {
                        session.Step(Batch, epoch: 0);
                    }
                });
                Assert.AreEqual(typeof(TrainingSession).FullName, refused.ObjectName);
            });
            Assert.IsGreaterThanOrEqualTo(round, steps);
        }
    }

    [TestMethod]
    public void A_session_goes_on_with_the_same_bits_after_its_weights_were_disposed_of()
    {
        using Weights undisturbed = TestWeights.Create(Net);
        using TrainingSession expected = new(Net, undisturbed, new MeanSquares(), Batch, 1, seed: 1, inputGradient: true);
        Weights weights = TestWeights.Create(Net);
        using TrainingSession session = new(Net, weights, new MeanSquares(), Batch, 1, seed: 1, inputGradient: true);
        for (int step = 0; step < 3; step++)
        {
            EngineRun.Step(expected, Inputs, Targets, Batch).AssertSameBits(
                EngineRun.Step(session, Inputs, Targets, Batch), $"step {step}");
            weights.Dispose();
        }

        Assert.ThrowsExactly<ObjectDisposedException>(() => new TrainingSession(Net, weights, new MeanSquares(), Batch, 1, seed: 1).Dispose());
    }

    [TestMethod]
    public void A_training_from_weights_that_were_disposed_of_is_refused_by_their_name()
    {
        using InMemoryDataset dataset = SmallImages.Make(8, seed: 1);
        Weights weights = TestWeights.Create(SmallImages.Network);
        weights.Dispose();
        TrainingOptions options = new() { Epochs = 1, NumberOfThreads = 1 };
        ObjectDisposedException refused = Assert.ThrowsExactly<ObjectDisposedException>(
            () => NetworkTrainer.Train(SmallImages.Network, dataset, options, weights));
        Assert.AreEqual(typeof(Weights).FullName, refused.ObjectName);
    }

    [TestMethod]
    public void A_training_whose_samples_are_disposed_of_ends_with_their_name()
    {
        InMemoryDataset dataset = SmallImages.Make(24, seed: 1);
        TrainingOptions options = new() { Epochs = 2, BatchSize = 8, NumberOfThreads = 1, BatchCompleted = _ => dataset.Dispose() };
        ObjectDisposedException refused = Assert.ThrowsExactly<ObjectDisposedException>(
            () => NetworkTrainer.Train(SmallImages.Network, dataset, options));
        Assert.AreEqual(typeof(InMemoryDataset).FullName, refused.ObjectName);
    }

    [TestMethod]
    public void Samples_read_while_another_thread_disposes_of_the_set_are_right_or_refused()
    {
        for (int round = 0; round < 30; round++)
        {
            InMemoryDataset dataset = new([1000], classCount: 2);
            dataset.Add([.. Enumerable.Repeat(5f, 1000)], 0);
            dataset.Add([.. Enumerable.Repeat((byte)5, 1000)], 1);
            Concurrently.Run(4, thread =>
            {
                float[] pixels = new float[1000];
                try
                {
                    for (int i = 0; thread > 0; i++)
                    {
                        dataset.ReadSample((thread + i) % 2, pixels);
                        Assert.IsLessThan(0, pixels.AsSpan().IndexOfAnyExcept(5f));
                    }

                    dataset.Dispose();
                }
                catch (ObjectDisposedException)
                {
                    Assert.AreNotEqual(0, thread);
                }
            });
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Samples_added_while_another_thread_disposes_of_the_set_are_taken_or_refused(bool areBytes)
    {
        // As large as a chunk of the set: memory is taken for each.
        float[] floats = new float[1 << 20];
        byte[] bytes = new byte[4 << 20];
        for (int round = 0; round < 20; round++)
        {
            InMemoryDataset dataset = new([areBytes ? bytes.Length : floats.Length], classCount: 2);
            int added = 0;
            Concurrently.Run(3, thread =>
            {
                if (thread > 0)
                {
                    SpinWait.SpinUntil(() => Volatile.Read(ref added) > round % 4);
                    dataset.Dispose();
                    return;
                }

                ObjectDisposedException refused = Assert.ThrowsExactly<ObjectDisposedException>(() =>
                {
                    for (; Volatile.Read(ref added) < 100; Interlocked.Increment(ref added))
                    {
                        if (areBytes)
                        {
                            dataset.Add(bytes, 1);
                        }
                        else
                        {
                            dataset.Add(floats, 1);
                        }
                    }
                });
                Assert.AreEqual(typeof(InMemoryDataset).FullName, refused.ObjectName);
            });
            Assert.AreEqual(added, dataset.Count);
            Assert.AreEqual(_before, NativeBuffer.LiveBytes, "Without the collector's help.");
        }
    }
}
