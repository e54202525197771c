using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Running;

[TestClass]
public unsafe class TrainingSessionTests
{
    [TestMethod]
    public void A_batch_smaller_than_the_largest_gives_the_bits_of_a_session_of_that_size()
    {
        Network network = Network.Input(7, 6, 2).Conv(5, 3).BatchNorm().Relu().MaxPool(2).Flatten().Dense(3);
        float[] inputs = DistinctNumbers.Create(2 * network.InputShape.ElementCount, seed: 1);
        float[] targets = DistinctNumbers.Create(2 * 3, seed: 2);
        using Weights first = TestWeights.Create(network);
        using Weights second = TestWeights.Create(network);
        EngineRun exact = EngineRun.Train(network, first, inputs, targets, 2, threads: 2);
        exact.AssertSameBits(EngineRun.Train(network, second, inputs, targets, 2, threads: 2, maximumBatch: 64), "in a session for 64");
    }

    [TestMethod]
    public void A_batch_of_hundreds_trains_dense_layers_as_defined()
    {
        const int Batch = 520;
        Network network = Network.Input(3, 3, 2).Conv(4, 3).Relu().Flatten().Dense(3);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 1);
        float[] targets = DistinctNumbers.Create(Batch * 3, seed: 2);
        using Weights weights = TestWeights.Create(network);
        NetworkOracle oracle = new(network, weights, inputs, Batch, isTraining: true);
        EngineRun run = EngineRun.Train(network, weights, inputs, targets, Batch, threads: 2);
        run.AssertEquals(oracle, targets, 2e-5, 1e-4, "a batch of 520");
    }

    [TestMethod]
    public void A_batch_whose_pixels_no_int_counts_is_refused()
    {
        Network network = Network.Input(64, 64, 1).Conv(2, 1).GlobalAvgPool();
        using Weights weights = new(network);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new TrainingSession(network, weights, new MeanSquares(), 600_000, 1, seed: 1));
        StringAssert.Contains(error.Message, "at most 524,287 samples");
    }

    [TestMethod]
    public void A_second_step_does_not_depend_on_the_first()
    {
        Network network = Network.Input(6, 6, 1).Conv(4, 3).Tanh().AvgPool(2).Flatten().Dense(3);
        float[] inputs = DistinctNumbers.Create(3 * 36, seed: 1);
        float[] others = DistinctNumbers.Create(5 * 36, seed: 2);
        using Weights weights = TestWeights.Create(network);
        using TrainingSession session = new(network, weights, new MeanSquares(), 5, 2, seed: 1, inputGradient: true);
        EngineRun first = EngineRun.Step(session, inputs, DistinctNumbers.Create(9, seed: 3), 3);
        EngineRun.Step(session, others, DistinctNumbers.Create(15, seed: 4), 5);
        first.AssertSameBits(EngineRun.Step(session, inputs, DistinctNumbers.Create(9, seed: 3), 3), "again");
    }

    [TestMethod]
    public void Running_statistics_move_by_the_momentum_towards_the_batch_and_its_unbiased_variance()
    {
        // Values 1, 2, 3, 6 of one channel: mean 3, biased variance 3.5, unbiased 14 / 3. Momentum 0.25 from mean 0 and variance 1.
        Network network = Network.Input(2, 2, 1).BatchNorm(momentum: 0.25f);
        using Weights weights = Weights.Initialize(network, seed: 1);
        EngineRun.Train(network, weights, [1, 2, 3, 6], [0, 0, 0, 0], 1, threads: 1);
        Assert.AreEqual(0.75f, weights["bn1.running_mean"].Span[0], 1e-6f);
        Assert.AreEqual(0.75f + (0.25f * 14 / 3), weights["bn1.running_var"].Span[0], 1e-6f);
    }

    [TestMethod]
    public void Softmax_cross_entropy_has_the_textbooks_loss_and_gradient()
    {
        // Logits 0, ln 2, ln 5: probabilities 1/8, 2/8, 5/8. Class 1: loss ln 4, gradient 1/8, -6/8, 5/8.
        Network network = Network.Input([3]).Relu().Softmax();
        using Weights weights = new(network);
        using TrainingSession session = new(network, weights, new CrossEntropyOfClasses(), 1, 1, seed: 1, inputGradient: true);
        new float[] { 0.0001f, MathF.Log(2), MathF.Log(5) }.CopyTo(new Span<float>(session.Inputs, 3));
        session.TargetClasses[0] = 1;
        session.Step(1, epoch: 0);
        Assert.AreEqual(Math.Log(4), session.Losses[0], 1e-4);
        Assert.AreEqual(0.125f, session.InputGradients[0], 1e-4f);
        Assert.AreEqual(-0.75f, session.InputGradients[1], 1e-4f);
        Assert.AreEqual(0.625f, session.InputGradients[2], 1e-4f);
    }

    [TestMethod]
    public void Frozen_layers_are_no_part_of_what_the_optimizer_changes()
    {
        Network network = Network.Input([5]).Dense(20).Relu().Dense(3);
        using Weights weights = TestWeights.Create(network);
        using TrainingSession all = new(network, weights, new MeanSquares(), 1, 1, seed: 1);
        using TrainingSession last = new(network, weights, new MeanSquares(), 1, 1, seed: 1, isFrozen: name => name == "fc1");
        Assert.AreEqual((long)weights.Length, all.TrainableRuns.Sum(run => run.Length));
        Assert.AreEqual((long)(Weights.Padded(60) + Weights.Padded(3)), last.TrainableRuns.Sum(run => run.Length));
        Assert.IsTrue(all.TrainableRuns[0].Decays);
        Assert.IsFalse(all.TrainableRuns[^1].Decays);
    }

    [TestMethod]
    public void Frozen_batch_normalisation_keeps_its_running_statistics_and_normalises_by_them()
    {
        // One channel, gamma 2, beta 1, mean 3, variance 15 (epsilon 1): y = 2 (x - 3) / 4 + 1. Of x = 1, 2, 3, 7 this is 0, 0.5, 1, 3; by the
        // mean of the squares of 4 outputs, dy = y / 2, and dx = dy 2 / 4 = y / 4.
        Network network = Network.Input(2, 2, 1).BatchNorm(epsilon: 1).Flatten().Dense(4);
        using Weights weights = Weights.Initialize(network, seed: 1);
        SetOnly(weights, "bn1.weight", 2);
        SetOnly(weights, "bn1.bias", 1);
        SetOnly(weights, "bn1.running_mean", 3);
        SetOnly(weights, "bn1.running_var", 15);
        Tensor identity = weights["fc1.weight"];
        identity.Span.Clear();
        for (int i = 0; i < 4; i++)
        {
            identity.Span[i * 5] = 1;
        }

        using TrainingSession session = new(
            network, weights, new MeanSquares(), 1, 1, seed: 1, isFrozen: name => name == "bn1", inputGradient: true);
        EngineRun run = EngineRun.Step(session, [1, 2, 3, 7], [0, 0, 0, 0], 1);
        Closeness.AssertClose([0, 0.5, 1, 3], run.Outputs, 1e-6, "outputs");
        Closeness.AssertClose([0, 0.125, 0.25, 0.75], run.InputGradient, 1e-6, "gradient by the input");
        Assert.AreEqual(3f, weights["bn1.running_mean"].Span[0]);
        Assert.AreEqual(15f, weights["bn1.running_var"].Span[0]);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_network_of_frozen_normalisations_gives_in_training_what_it_scores(bool withResidual)
    {
        SymbolicTensor start = Network.Input(9, 8, 3).Conv(20, 3).BatchNorm().Relu();
        SymbolicTensor end = start.Conv(20, 3, padding: 1).BatchNorm();
        Network network = (withResidual ? end.Add(start).Relu() : end.Relu()).MaxPool(2).Flatten().Dense(4);
        using Weights weights = TestWeights.Create(network);
        using Weights before = weights.Clone();
        float[] inputs = DistinctNumbers.Create(5 * network.InputShape.ElementCount, seed: 1);
        using TrainingSession session = new(
            network, weights, new MeanSquares(), 5, 2, seed: 1, isFrozen: name => name.StartsWith("bn", StringComparison.Ordinal), inputGradient: true);
        EngineRun run = EngineRun.Step(session, inputs, DistinctNumbers.Create(20, seed: 2), 5);
        float[] scores = EngineRun.Predict(network, weights, inputs, 5, threads: 2);
        Closeness.AssertClose([.. scores.Select(score => (double)score)], run.Outputs, 1e-5, "outputs");
        foreach (string name in weights.Names)
        {
            Closeness.AssertSameBits(before[name].ToArray(), weights[name].ToArray(), name);
        }
    }

    [TestMethod]
    public void A_batch_that_does_not_fit_is_refused()
    {
        Network network = Network.Input([5]).Dense(2);
        using Weights weights = new(network);
        using TrainingSession session = new(network, weights, new MeanSquares(), 4, 1, seed: 1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => session.Step(5, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => session.Step(0, 0));
    }

    [TestMethod]
    public void A_step_allocates_nothing_after_the_first()
    {
        Network network = Network.Input(8, 8, 2).Conv(6, 3).BatchNorm().Relu().MaxPool(2).Dropout(0.5f).Flatten().Dense(4);
        using Weights weights = TestWeights.Create(network);
        using TrainingSession session = new(network, weights, new MeanSquares(), 4, 2, seed: 1);
        for (int i = 0; i < 50; i++)
        {
            session.Step(4, 0);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            session.Step(4, 0);
        }

        Assert.IsLessThan(2000, GC.GetAllocatedBytesForCurrentThread() - before, "Bytes of 20 steps.");
    }

    private static void SetOnly(Weights weights, string name, float value) => weights[name].Span[0] = value;

    private sealed class CrossEntropyOfClasses : ILossFunction
    {
        public bool ReplacesSoftmax => true;

        public LossOp Lower(Shape outputs) => new CrossEntropyLossOp(outputs.ElementCount, LabelSmoothing: 0);
    }
}
