using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Core.Tests.Tensors;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Running;

/// <summary>Who holds the memory of weights and models. Alone in the process, since its native memory is counted.</summary>
[TestClass]
[DoNotParallelize]
public class OwnershipTests
{
    private const int Callers = 6;
    private const int Rounds = 25;

    private static readonly Network Net = Network.Input(6, 6, 2).Conv(4, 3).BatchNorm().Relu().Flatten().Dense(3).Softmax();
    private static readonly float[] Inputs = DistinctNumbers.Create(Net.InputShape.ElementCount, seed: 2);

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
    public void A_model_disposed_of_while_others_predict_finishes_what_they_began_and_refuses_the_rest()
    {
        using Weights weights = TestWeights.Create(Net);
        float[] expected = Predicted(weights);
        for (int round = 0; round < Rounds; round++)
        {
            InferenceModel model = new(Net, weights, numberOfThreads: 1);
            int finished = 0;
            Concurrently.Run(Callers + 2, thread =>
            {
                if (thread >= Callers)
                {
                    SpinWait.SpinUntil(() => Volatile.Read(ref finished) >= round);
                    model.Dispose();
                    return;
                }

                while (PredictOrRefuse(model, expected))
                {
                    Interlocked.Increment(ref finished);
                }
            });
            Assert.IsFalse(PredictOrRefuse(model, expected));
            Assert.AreEqual(0, model.IdleBytes);
        }
    }

    [TestMethod]
    public void Two_threads_that_dispose_of_a_model_and_its_weights_free_them_once()
    {
        for (int round = 0; round < 4 * Rounds; round++)
        {
            Weights weights = TestWeights.Create(Net);
            InferenceModel model = new(Net, weights, numberOfThreads: 1);
            PredictOrRefuse(model, expected: null);
            Concurrently.Run(4, thread => ((IDisposable)(thread % 2 == 0 ? model : weights)).Dispose());
        }
    }

    [TestMethod]
    public void A_model_goes_on_after_its_weights_were_disposed_of_and_no_other_can_be_made_of_them()
    {
        Weights weights = TestWeights.Create(Net);
        float[] expected = Predicted(weights);
        using InferenceModel model = new(Net, weights, numberOfThreads: 1);
        Concurrently.Run(Callers + 1, thread =>
        {
            if (thread == Callers)
            {
                weights.Dispose();
                return;
            }

            for (int i = 0; i < Rounds; i++)
            {
                Assert.IsTrue(PredictOrRefuse(model, expected));
            }
        });
        AssertRefused<Weights>(() => new InferenceModel(Net, weights, numberOfThreads: 1).Dispose());
        AssertRefused<Weights>(() => model.Reload(weights));
        AssertRefused<Weights>(() => weights.Clone());
        AssertRefused<Weights>(() => _ = weights["fc1.weight"].Span[0]);
        Assert.IsTrue(PredictOrRefuse(model, expected));
    }

    [TestMethod]
    public void Of_two_models_of_the_same_weights_one_goes_on_when_the_other_and_the_weights_are_disposed_of()
    {
        Weights weights = TestWeights.Create(Net);
        float[] expected = Predicted(weights);
        InferenceModel first = new(Net, weights, numberOfThreads: 1);
        using InferenceModel second = new(Net, weights, numberOfThreads: 1);
        Assert.IsTrue(PredictOrRefuse(first, expected));
        first.Dispose();
        Assert.IsTrue(PredictOrRefuse(second, expected));
        weights.Dispose();
        Assert.IsTrue(PredictOrRefuse(second, expected));
        Assert.IsFalse(PredictOrRefuse(first, expected));
    }

    [TestMethod]
    public void Predictions_while_weights_are_reloaded_are_wholly_of_the_old_or_of_the_new_ones()
    {
        Weights[] weights = [TestWeights.Create(Net, seed: 1), TestWeights.Create(Net, seed: 2)];
        float[][] expected = [.. weights.Select(Predicted)];
        using InferenceModel model = new(Net, weights[0], numberOfThreads: 1);
        bool isReloaded = false;
        Concurrently.Run(Callers, thread =>
        {
            if (thread == 0)
            {
                try
                {
                    for (int reload = 0; reload < 4 * Rounds; reload++)
                    {
                        model.Reload(weights[reload % 2]);
                    }
                }
                finally
                {
                    // The others end with it, however it ended.
                    Volatile.Write(ref isReloaded, true);
                }
            }

            float[] outputs = new float[3];
            do
            {
                model.Predict(Inputs, 1, outputs);
                Assert.IsTrue(expected.Any(scores => outputs.AsSpan().SequenceEqual(scores)), "The scores of one of the two.");
            }
            while (!Volatile.Read(ref isReloaded));
        });
        Array.ForEach(weights, one => one.Dispose());
        Assert.IsTrue(PredictOrRefuse(model, expected[1]));
        model.Dispose();
        using Weights others = TestWeights.Create(Net);
        AssertRefused<InferenceModel>(() => model.Reload(others));
    }

    [TestMethod]
    public void A_model_reloaded_while_another_thread_disposes_of_it_frees_the_old_and_the_new()
    {
        using Weights weights = TestWeights.Create(Net);
        long before = NativeBuffer.LiveBytes;
        for (int round = 0; round < 4 * Rounds; round++)
        {
            InferenceModel model = new(Net, weights, numberOfThreads: 1);
            Concurrently.Run(4, thread =>
            {
                if (thread == 0)
                {
                    Thread.SpinWait(100 * round);
                    model.Dispose();
                    return;
                }

                AssertRefused<InferenceModel>(() =>
                {
                    while (true)
                    {
                        model.Reload(weights);
                    }
                });
            });
            NativeMemoryCount.FreeIdle();
            Assert.AreEqual(before, NativeBuffer.LiveBytes, "Without the collector's help.");
        }
    }

    [TestMethod]
    public void Weights_copied_and_written_while_another_thread_disposes_of_them_are_whole_or_refused()
    {
        using Weights original = TestWeights.Create(Net);
        using MemoryStream expected = new();
        SafeTensors.Write(original, expected);
        for (int round = 0; round < 4 * Rounds; round++)
        {
            Weights weights = original.Clone();
            Concurrently.Run(4, thread =>
            {
                if (thread == 0)
                {
                    weights.Dispose();
                    return;
                }

                AssertRefused<Weights>(() =>
                {
                    while (true)
                    {
                        using Weights copy = weights.Clone();
                        Assert.IsTrue(copy.Names.All(name => copy[name].Span.SequenceEqual(original[name].Span)));
                        copy.CopyFrom(weights);
                        using MemoryStream written = new();
                        SafeTensors.Write(weights, written);
                        CollectionAssert.AreEqual(expected.ToArray(), written.ToArray());
                    }
                });
            });
        }
    }

    [TestMethod]
    public void What_nobody_disposes_of_is_freed_by_the_collector()
    {
        MakeAndForget();
        Assert.IsGreaterThan(_before, NativeBuffer.LiveBytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void MakeAndForget()
    {
        Weights weights = TestWeights.Create(Net);
        InferenceModel model = new(Net, weights, numberOfThreads: 1);
        PredictOrRefuse(model, expected: null);
        TrainingSession session = new(Net, weights, new MeanSquares(), 2, 1, seed: 1);
        session.Step(2, epoch: 0);
        Assert.IsTrue(float.IsFinite(session.Losses[0]));
    }

    private static float[] Predicted(Weights weights) => EngineRun.Predict(Net, weights, Inputs, 1, threads: 1);

    /// <summary>Demands the bits of a prediction; false where the model says that it was disposed of.</summary>
    private static bool PredictOrRefuse(InferenceModel model, float[]? expected)
    {
        float[] outputs = new float[3];
        try
        {
            model.Predict(Inputs, 1, outputs);
        }
        catch (ObjectDisposedException exception)
        {
            Assert.AreEqual(typeof(InferenceModel).FullName, exception.ObjectName);
            return false;
        }

        Closeness.AssertSameBits(expected ?? outputs, outputs, "a prediction");
        return true;
    }

    private static void AssertRefused<T>(Action use) =>
        Assert.AreEqual(typeof(T).FullName, Assert.ThrowsExactly<ObjectDisposedException>(use).ObjectName);
}
