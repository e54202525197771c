using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Core.Tests.Tensors;
using Microsoft.ML.ConvNet.Core.Tests.Training;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Running;

/// <summary>Alone in the process, since its native memory is counted.</summary>
[TestClass]
[DoNotParallelize]
public unsafe class NativeMemoryTests
{
    private const int Batch = 16;

    [TestInitialize]
    public void FreeWhatOtherTestsLeft() => NativeMemoryCount.FreeWhatIsLeft();

    [TestMethod]
    public void A_model_holds_what_its_plan_says_and_gives_it_back_when_disposed_of()
    {
        Network network = MnistConvNet.Create();
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 2);
        float[] outputs = new float[Batch * network.OutputShape.ElementCount];

        // The threads' scratch memory belongs to the process and stays.
        EngineRun.Predict(network, weights, inputs, Batch, threads: 2);
        long before = NativeBuffer.LiveBytes;
        InferenceModel model = new(network, weights, numberOfThreads: 2);
        for (int i = 0; i < 3; i++)
        {
            model.Predict(inputs, Batch, outputs);
        }

        long held = NativeBuffer.LiveBytes - before;
        AssertCloseFromAbove(model.PlannedBytes(Batch), held);
        model.Dispose();
        Assert.AreEqual(before, NativeBuffer.LiveBytes);
    }

    [TestMethod]
    public void Reloading_weights_takes_no_more_memory()
    {
        Network network = LeNet5.Create();
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights, numberOfThreads: 1);
        float[] outputs = new float[10];
        float[] inputs = DistinctNumbers.Create(network.InputShape.ElementCount, seed: 2);
        model.Predict(inputs, 1, outputs);
        long before = NativeBuffer.LiveBytes;
        model.Reload(weights);
        model.Predict(inputs, 1, outputs);
        Assert.AreEqual(before, NativeBuffer.LiveBytes);
    }

    [TestMethod]
    public void A_training_session_holds_arena_and_gradients_and_gives_them_back_when_disposed_of()
    {
        Network network = MnistConvNet.Create();
        using Weights weights = TestWeights.Create(network);
        for (int i = 0; i < 2; i++)
        {
            // The first time the threads' scratch memory grows, which stays.
            long before = NativeBuffer.LiveBytes;
            TrainingSession session = new(network, weights, new SoftmaxCrossEntropy(), Batch, numberOfThreads: 2, seed: 1);
            session.Step(Batch, epoch: 0);
            long held = NativeBuffer.LiveBytes - before;
            long planned = PlanStepCost.ArenaBytes(session.Plan, Batch);
            Assert.AreEqual(planned, (long)session.ArenaBytes);
            session.Dispose();
            if (i == 1)
            {
                AssertCloseFromAbove(planned + ((long)weights.Length * sizeof(float)), held);
                Assert.AreEqual(before, NativeBuffer.LiveBytes);
            }
        }
    }

    [TestMethod]
    public void A_training_gives_back_everything_but_the_weights()
    {
        using InMemoryDataset dataset = SmallImages.Make(24, seed: 1);
        TrainingOptions options = new() { Epochs = 2, BatchSize = 8, NumberOfThreads = 2, ValidationSet = dataset };
        NetworkTrainer.Train(SmallImages.Network, dataset, options).Weights.Dispose();
        long before = NativeBuffer.LiveBytes;
        NetworkTrainer.Train(SmallImages.Network, dataset, options).Weights.Dispose();
        NetworkTrainer.Profile(SmallImages.Network, options, runs: 1);
        Assert.AreEqual(before, NativeBuffer.LiveBytes);
    }

    // Guard bytes around each block and tables of pointers come on top.
    private static void AssertCloseFromAbove(long planned, long held) => Assert.IsTrue(
        held >= planned && held <= planned * 1.02, $"{planned:N0} bytes are planned, {held:N0} are held.");
}
