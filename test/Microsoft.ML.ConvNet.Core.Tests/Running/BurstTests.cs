using System.Diagnostics;
using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Core.Tests.Tensors;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Running;

/// <summary>What many callers at once leave behind. Alone in the process, since its native memory is counted.</summary>
[TestClass]
[DoNotParallelize]
public class BurstTests
{
    private const int Callers = 96;

    private static readonly TimeSpan Patience = IdlePool<PlanMemory>.Patience;

    [TestInitialize]
    public void FreeWhatOtherTestsLeft() => NativeMemoryCount.FreeWhatIsLeft();

    [TestMethod]
    public void Of_the_arenas_of_many_runs_at_once_one_stays()
    {
        Network network = LeNet5.Create();
        using Weights weights = TestWeights.Create(network);
        ManualTime time = new();
        Plan plan = Planner.ForInference(network, PlanOptions.Default, null);
        LoadedPlan loaded = new(plan, weights, numberOfThreads: 1, time);
        long before = NativeBuffer.LiveBytes;
        PlanMemory[] rented = [.. Enumerable.Range(0, Callers).Select(_ => loaded.Rent(1))];
        long arena = (long)rented[0].ArenaBytes;
        Array.ForEach(rented, loaded.Return);
        Assert.AreEqual(Callers * arena, loaded.IdleBytes);
        time.Advance(Patience);
        Assert.AreEqual(arena, loaded.IdleBytes);
        Assert.IsLessThan(before + (2 * arena), NativeBuffer.LiveBytes);
        loaded.Return(loaded.Rent(1));
        Assert.AreEqual(arena, loaded.IdleBytes);
        loaded.Dispose();
        Assert.AreEqual(0, loaded.IdleBytes);
    }

    [TestMethod]
    public void Callers_at_once_get_the_bits_of_one_and_their_memory_is_given_back_within_seconds()
    {
        Network network = LeNet5.Create();
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights, numberOfThreads: 1);
        float[] inputs = DistinctNumbers.Create(network.InputShape.ElementCount, seed: 2);
        float[] expected = new float[network.OutputShape.ElementCount];
        model.Predict(inputs, 1, expected);
        long arena = model.IdleBytes;
        long before = NativeBuffer.LiveBytes;
        Concurrently.Run(Callers, _ =>
        {
            float[] outputs = new float[expected.Length];
            for (int i = 0; i < 20; i++)
            {
                model.Predict(inputs, 1, outputs);
                Closeness.AssertSameBits(expected, outputs, "a caller of many");
            }
        });

        // Some seconds; a machine that is busy with something else has a minute.
        long start = Stopwatch.GetTimestamp();
        while (NativeBuffer.LiveBytes > before && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1))
        {
            Thread.Sleep(100);
        }

        Assert.AreEqual(arena, model.IdleBytes);
        Assert.AreEqual(before, NativeBuffer.LiveBytes);
    }

    [TestMethod]
    public void Of_the_scratch_memory_of_many_runs_at_once_that_of_one_stays()
    {
        ManualTime time = new();
        WorkerPool pool = new(time);
        WorkerGang[] gangs = [.. Enumerable.Range(0, Callers).Select(_ => pool.Lease(1))];
        foreach (WorkerGang gang in gangs)
        {
            gang.ReserveScratch(1000);
            gang.Dispose();
        }

        Assert.AreEqual(Callers * 1000, pool.IdleBytes);
        time.Advance(Patience);
        Assert.AreEqual(1000, pool.IdleBytes);
        pool.FreeIdle();
        Assert.AreEqual(0, pool.IdleBytes);
    }
}
