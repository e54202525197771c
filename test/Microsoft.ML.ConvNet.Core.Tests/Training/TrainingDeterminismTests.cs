using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Core.Tests.Training;

/// <summary>A training is a function of its inputs, and takes no managed memory batch by batch.</summary>
[TestClass]
public sealed class TrainingDeterminismTests
{
    private static readonly Network Network = Network.Input(16, 16, 1)
        .Conv(8, 3, padding: 1).BatchNorm().Relu().MaxPool(2)
        .Conv(12, 3, padding: 1).Relu().MaxPool(2)
        .Flatten().Dense(40).Relu().Dropout(0.3f).Dense(10).Softmax();

    [TestMethod]
    public void One_two_and_four_threads_end_in_the_same_bits()
    {
        int[] one = Train(threads: 1, new Sgd { LearningRate = 0.05f, WeightDecay = 1e-4f });
        CollectionAssert.AreEqual(one, Train(threads: 2, new Sgd { LearningRate = 0.05f, WeightDecay = 1e-4f }));
        CollectionAssert.AreEqual(one, Train(threads: 4, new Sgd { LearningRate = 0.05f, WeightDecay = 1e-4f }));
    }

    [TestMethod]
    public void Adam_ends_in_the_same_bits_at_any_number_of_threads_and_in_others_for_another_seed()
    {
        int[] one = Train(threads: 1, new Adam());
        CollectionAssert.AreEqual(one, Train(threads: 4, new Adam()));
        CollectionAssert.AreNotEqual(one, Train(threads: 1, new Adam(), seed: 2));
    }

    // Others who run at the same time may take the scratch that was put back, so that a new one is made.
    [TestMethod]
    [DoNotParallelize]
    public void A_batch_takes_no_managed_memory_once_training_runs()
    {
        List<long> allocated = new(1000);
        TrainingOptions options = new()
        {
            Epochs = 2,
            BatchSize = 4,
            NumberOfThreads = 1,
            ClipGradientNorm = 1,
            BatchCompleted = _ => allocated.Add(GC.GetAllocatedBytesForCurrentThread()),
        };
        using InMemoryDataset dataset = SmallImages.Make(400, seed: 1);
        using Weights weights = NetworkTrainer.Train(SmallImages.Network, dataset, options).Weights;
        Assert.HasCount(200, allocated);

        // With the last batch of an epoch the names of all weights are gone through.
        Assert.AreEqual(0L, allocated[98] - allocated[50]);
        Assert.AreEqual(0L, allocated[198] - allocated[110]);
    }

    private static int[] Train(int threads, Optimizer optimizer, ulong seed = 1)
    {
        NormalizedDataset dataset = new(new NumberedSamples(56, side: 16), 0, 1 / 255f);
        TrainingOptions options = new()
        {
            Epochs = 2,
            BatchSize = 24,
            Optimizer = optimizer,
            Seed = seed,
            NumberOfThreads = threads,
            ClipGradientNorm = 2,
            ValidationSet = dataset,
        };
        TrainingResult result = NetworkTrainer.Train(Network, dataset, options);
        using Weights weights = result.Weights;
        List<int> bits = [];
        foreach (string name in weights.Names)
        {
            bits.AddRange(MemoryMarshal.Cast<float, int>(weights[name].Span));
        }

        foreach (EpochMetrics epoch in result.Epochs)
        {
            bits.Add(BitConverter.SingleToInt32Bits((float)epoch.Loss));
            bits.Add(BitConverter.SingleToInt32Bits((float)epoch.ValidationLoss!.Value));
        }

        return [.. bits];
    }
}
