using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Core.Tests.Training;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Running;

/// <summary>Alone in the process, since the allocations of all threads are counted.</summary>
[TestClass]
[DoNotParallelize]
public unsafe class ManagedAllocationTests
{
    private static byte[]? _kept;

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 2)]
    [DataRow(6, 1)]
    [DataRow(6, 2)]
    public void A_prediction_allocates_nothing(int batch, int threads)
    {
        foreach (Network network in Networks())
        {
            using Weights weights = TestWeights.Create(network);
            using InferenceModel model = new(network, weights, threads);
            float[] inputs = DistinctNumbers.Create(batch * network.InputShape.ElementCount, seed: 2);
            float[] outputs = new float[batch * network.OutputShape.ElementCount];
            ManagedAllocation.AssertNone(() => model.Predict(inputs, batch, outputs), $"{network}, batch {batch}, {threads} threads");
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void A_prediction_after_one_of_another_batch_allocates_nothing(int threads)
    {
        Network network = LeNet5.Create();
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights, threads);
        float[] inputs = DistinctNumbers.Create(5 * network.InputShape.ElementCount, seed: 2);
        float[] outputs = new float[5 * network.OutputShape.ElementCount];
        ManagedAllocation.AssertNone(
            () =>
            {
                model.Predict(inputs, 5, outputs);
                model.Predict(inputs.AsSpan(0, network.InputShape.ElementCount), 1, outputs.AsSpan(0, network.OutputShape.ElementCount));
            },
            $"{threads} threads");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void A_training_step_and_the_update_after_it_allocate_nothing(int threads)
    {
        foreach (Network network in Networks())
        {
            foreach (Optimizer optimizer in new Optimizer[] { new Sgd(), new Adam() })
            {
                using Weights weights = TestWeights.Create(network);
                ILossFunction loss = new SoftmaxCrossEntropy();
                using TrainingSession session = new(network, weights, loss, maximumBatch: 6, threads, seed: 1);
                using OptimizerState state = new(optimizer, weights);
                float[] inputs = DistinctNumbers.Create(6 * network.InputShape.ElementCount, seed: 2);
                ManagedAllocation.AssertNone(
                    () =>
                    {
                        inputs.CopyTo(new Span<float>(session.Inputs, inputs.Length));
                        session.Step(6, epoch: 0);
                        using WorkerGang gang = session.Lease();
                        optimizer.Update(gang, weights.Pointer, session.Gradients, session.TrainableRuns, state, 1e-6f);
                    },
                    $"{network}, {optimizer.Name}, {threads} threads");
            }
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void The_loop_of_a_training_allocates_nothing_a_batch(int threads)
    {
        const int Batches = 80;
        const int Window = 5;
        using InMemoryDataset dataset = SmallImages.Make(Batches * 8, seed: 1);
        long[] allocated = new long[3 * Batches];
        int batch = 0;
        TrainingOptions options = new()
        {
            Epochs = 3,
            BatchSize = 8,
            NumberOfThreads = threads,
            ClipGradientNorm = 1,
            Schedule = new CosineDecay(),
            BatchCompleted = _ => allocated[batch++] = GC.GetTotalAllocatedBytes(precise: true),
        };
        NetworkTrainer.Train(SmallImages.Network, dataset, options).Weights.Dispose();
        Assert.AreEqual(allocated.Length, batch);
        long least = Enumerable.Range(2 * Batches, Batches - Window).Min(i => allocated[i + Window] - allocated[i]);
        Assert.AreEqual(0L, least, $"Bytes that {Window} batches allocate at least.");
    }

    [TestMethod]
    public void An_evaluation_allocates_no_more_for_more_batches()
    {
        using Weights weights = TestWeights.Create(SmallImages.Network);
        using InferenceModel model = new(SmallImages.Network, weights, numberOfThreads: 2);
        Assert.AreEqual(LeastOf(batches: 4), LeastOf(batches: 20), "Bytes of an evaluation of 4 batches and of 20.");

        long LeastOf(int batches)
        {
            using InMemoryDataset dataset = SmallImages.Make(8 * batches, seed: 1);
            using Evaluation evaluation = new(SmallImages.Network, dataset, "test", new SoftmaxCrossEntropy(), 8, numberOfThreads: 2);
            long least = long.MaxValue;
            for (int i = 0; i < 40; i++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                Assert.IsNotNull(evaluation.Run(model, CancellationToken.None));
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }

            return least;
        }
    }

    [TestMethod]
    public void What_the_other_thread_of_a_gang_allocates_is_counted()
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        Assert.AreEqual(2, gang.Size);
        Assert.ThrowsExactly<AssertFailedException>(() => ManagedAllocation.AssertNone(
            () =>
            {
                _kept = null;
                gang.For(2, &AllocateElsewhere, (void*)Environment.CurrentManagedThreadId);
            },
            "a loop"));
    }

    private static void AllocateElsewhere(void* state, int item, void* scratch)
    {
        if (Environment.CurrentManagedThreadId != (nint)state)
        {
            Volatile.Write(ref _kept, new byte[16]);
            return;
        }

        // Until the other thread has run its share: the caller would else take it over.
        long start = Environment.TickCount64;
        while (Volatile.Read(ref _kept) == null && Environment.TickCount64 - start < 10_000)
        {
            Thread.Yield();
        }
    }

    /// <summary>Networks with an op of every kind between them.</summary>
    private static IEnumerable<Network> Networks()
    {
        yield return LeNet5.Create();
        SymbolicTensor stem = Network.Input(12, 10, 3).Conv(8, 3, padding: 1, useBias: false).BatchNorm().Relu();
        SymbolicTensor residual = stem.Conv(8, 3, padding: 1).BatchNorm().Add(stem).Relu();
        SymbolicTensor branches = residual.MaxPool(2).Conv(16, 1).Gelu().Concat(residual.AvgPool(2), residual.MaxPool(2));
        yield return branches.Conv(32, 3, padding: 1, groups: 32).Dropout(0.3f).GlobalAvgPool().Dense(16).Tanh().Dense(5).Softmax();
        SymbolicTensor image = Network.Input(12, 10, 3).Pad(1).Conv(16, 3).Relu();
        SymbolicTensor gated = image.Multiply(image.Reduce(ReduceFunction.Mean, [0, 1]).Conv(16, 1).Sigmoid()).ChannelShuffle(2);
        SymbolicTensor row = gated.Slice(-1, 0, 8).Reduce(ReduceFunction.Max, [0]);
        SymbolicTensor rows = row.Add(gated.Constant([1, 1, 8], isTrainable: true)).Reshape([10, 8]);
        yield return rows.MatMul(rows.Permute(1, 0)).Reduce(ReduceFunction.Sum, [0], keepDimensions: false).Dense(5).Softmax();
    }
}
