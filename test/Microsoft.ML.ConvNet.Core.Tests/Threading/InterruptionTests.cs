using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Core.Tests.Tensors;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Threading;

/// <summary>Threads that are interrupted while they work with others, or wait for a lock.</summary>
[TestClass]
[DoNotParallelize]
public unsafe class InterruptionTests
{
    private const int IsBegun = 2;
    private const int MayEnd = 3;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [TestMethod]
    public void A_loop_is_left_when_the_workers_are_done_and_the_interruption_comes_then()
    {
        WorkerPool pool = new();
        int* state = stackalloc int[4];
        new Span<int>(state, 4).Clear();
        nint address = (nint)state;
        bool hasLeft = false;
        bool isInterrupted = false;
        Thread caller = new(() =>
        {
            using WorkerGang gang = pool.Lease(2);
            try
            {
                gang.For(2, &WaitForPermission, (void*)address);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }

            Volatile.Write(ref hasLeft, true);
        });
        caller.Start();
        Assert.IsTrue(SpinWait.SpinUntil(() => Volatile.Read(ref ((int*)address)[IsBegun]) == 1, Long));
        caller.Interrupt();
        Thread.Sleep(100);
        bool leftEarly = Volatile.Read(ref hasLeft);
        Volatile.Write(ref state[MayEnd], 1);
        caller.Join();
        Assert.IsFalse(leftEarly, "The worker still wrote to the caller's memory.");
        Assert.IsTrue(isInterrupted);
        Assert.AreEqual(1, state[0]);
        Assert.AreEqual(1, state[1]);
        using WorkerGang after = pool.Lease(2);
        Assert.AreEqual(2, after.Size, "The worker came back.");
    }

    [TestMethod]
    public void A_lock_is_entered_in_spite_of_an_interruption_which_comes_where_the_thread_next_waits()
    {
        Gate gate = new();
        bool hasEntered = false;
        bool isInterrupted = false;
        Thread waiting = new(() =>
        {
            using (gate.Enter())
            {
                Volatile.Write(ref hasEntered, true);
            }

            try
            {
                Thread.Sleep(Long);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        });
        using (gate.Enter())
        {
            waiting.Start();
            Assert.IsTrue(SpinWait.SpinUntil(() => waiting.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Long));
            waiting.Interrupt();
            Thread.Sleep(50);
            Assert.IsFalse(Volatile.Read(ref hasEntered));
        }

        waiting.Join();
        Assert.IsTrue(hasEntered);
        Assert.IsTrue(isInterrupted);
    }

    [TestMethod]
    public void A_worker_that_is_interrupted_from_within_its_work_goes_on()
    {
        WorkerPool pool = new();
        using WorkerGang gang = pool.Lease(3);
        Worker[] workers = [.. gang.Workers];
        for (int round = 0; round < 20; round++)
        {
            int runs = 0;
            int* state = &runs;
            gang.For(30, &InterruptWorker, state);
            Assert.AreEqual(30, runs);
            // Longer than a worker looks for work: it sleeps, interrupted.
            Thread.Sleep(5);
        }

        Assert.IsTrue(workers.All(worker => worker.Thread.IsAlive));
    }

    [TestMethod]
    public void Predictions_under_a_hail_of_interruptions_are_right_or_interrupted_and_give_all_memory_back()
    {
        Network network = Network.Input(12, 12, 3).Conv(16, 3).BatchNorm().Relu().Conv(16, 3).MaxPool(2).Flatten().Dense(5).Softmax();
        NativeMemoryCount.FreeWhatIsLeft();
        long before = NativeBuffer.LiveBytes;
        using (Weights weights = TestWeights.Create(network))
        {
            float[] inputs = DistinctNumbers.Create(8 * network.InputShape.ElementCount, seed: 3);
            float[] expected = EngineRun.Predict(network, weights, inputs, 8, threads: 1);
            using InferenceModel model = new(network, weights, numberOfThreads: 4);
            Thread[] callers = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() => PredictOften(model, inputs, expected)))];
            Array.ForEach(callers, caller => caller.Start());
            while (Array.Exists(callers, caller => caller.IsAlive))
            {
                Array.ForEach(callers, caller => caller.Interrupt());
                Thread.Yield();
            }

            using WorkerGang gang = WorkerPool.Shared.Lease(Environment.ProcessorCount);
            Assert.AreEqual(Environment.ProcessorCount, gang.Size, "No worker was lost.");
        }

        NativeMemoryCount.FreeWhatIsLeft();
        Assert.AreEqual(before, NativeBuffer.LiveBytes);
    }

    private static void PredictOften(InferenceModel model, float[] inputs, float[] expected)
    {
        float[] outputs = new float[expected.Length];
        for (int i = 0; i < 300; i++)
        {
            try
            {
                Array.Clear(outputs);
                model.Predict(inputs, 8, outputs);
                Closeness.AssertSameBits(expected, outputs, "a prediction");
            }
            catch (ThreadInterruptedException)
            {
                // Nothing is said about its outputs.
            }
        }
    }

    private static void WaitForPermission(void* state, int item, void* scratch)
    {
        int* numbers = (int*)state;
        if (item == 1)
        {
            Volatile.Write(ref numbers[IsBegun], 1);
            SpinWait.SpinUntil(() => Volatile.Read(ref numbers[MayEnd]) == 1);
        }
        else
        {
            // So that the share of the worker is not taken back.
            SpinWait spin = default;
            while (Volatile.Read(ref numbers[IsBegun]) == 0)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        numbers[item] = 1;
    }

    private static void InterruptWorker(void* state, int item, void* scratch)
    {
        Interlocked.Increment(ref *(int*)state);
        if (Thread.CurrentThread.Name?.StartsWith("ConvNet worker", StringComparison.Ordinal) == true)
        {
            Thread.CurrentThread.Interrupt();
        }
    }
}
