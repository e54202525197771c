using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

[TestClass]
public class AuxiliaryOutputTests
{
    private const int Batch = 5;
    private const float Weight = 0.3f;

    [TestMethod]
    public void Training_adds_the_weighted_loss_of_the_auxiliary_output_and_its_gradients()
    {
        float[] inputs = DistinctNumbers.Create(Batch * 7 * 7 * 2, seed: 1);
        float[] targets = DistinctNumbers.Create(Batch * 3, seed: 2);
        EngineRun both = Train(main: true, auxiliary: true, inputs, targets);
        EngineRun main = Train(main: true, auxiliary: false, inputs, targets);
        EngineRun auxiliary = Train(main: false, auxiliary: true, inputs, targets);
        Closeness.AssertSameBits(main.Outputs, both.Outputs, "outputs");
        AssertSum(main.Losses, auxiliary.Losses, both.Losses, "losses");
        AssertSum(main.InputGradient, auxiliary.InputGradient, both.InputGradient, "gradient by the input");
        foreach ((string name, float[] gradient) in both.Gradients)
        {
            float[] none = new float[gradient.Length];
            AssertSum(
                main.Gradients.GetValueOrDefault(name, none), auxiliary.Gradients.GetValueOrDefault(name, none), gradient, name);
        }
    }

    [TestMethod]
    public void Auxiliary_gradients_have_the_same_bits_at_any_number_of_threads()
    {
        float[] inputs = DistinctNumbers.Create(Batch * 7 * 7 * 2, seed: 1);
        float[] targets = DistinctNumbers.Create(Batch * 3, seed: 2);
        Train(main: true, auxiliary: true, inputs, targets, threads: 1)
            .AssertSameBits(Train(main: true, auxiliary: true, inputs, targets, threads: 4), "4 threads");
    }

    [TestMethod]
    public void Scoring_leaves_out_what_only_an_auxiliary_output_needs()
    {
        Network network = Build(main: true, auxiliary: true);
        Network plain = Build(main: true, auxiliary: false);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 1);
        using Weights weights = TestWeights.Create(network);
        using Weights plainWeights = CopyOf(weights, plain);
        Closeness.AssertSameBits(
            EngineRun.Predict(plain, plainWeights, inputs, Batch, threads: 2),
            EngineRun.Predict(network, weights, inputs, Batch, threads: 2),
            "outputs");
        Assert.AreEqual(
            Planner.ForInference(plain, PlanOptions.Default).Steps.Count, Planner.ForInference(network, PlanOptions.Default).Steps.Count);
    }

    [TestMethod]
    public unsafe void Softmax_at_an_auxiliary_output_is_computed_with_the_loss()
    {
        // All logits are 0: each of two classes has 1/2, and the loss is ln 2 (1 + 0.5).
        SymbolicTensor x = Network.Input([3]);
        Network network = x.Dense(2).Softmax().ToNetwork("two heads", [(x.Dense(2).Softmax(), 0.5f)]);
        using Weights weights = new(network);
        using TrainingSession session = new(network, weights, new SoftmaxCrossEntropy(), 1, 1, seed: 1);
        new float[] { 1, 2, 3 }.CopyTo(new Span<float>(session.Inputs, 3));
        session.TargetClasses[0] = 1;
        session.Step(1, epoch: 0);
        Assert.AreEqual(1.5 * Math.Log(2), session.Losses[0], 1e-6);
        Assert.AreEqual(2, session.Plan.Steps.Count(step => step.Action == PlanAction.Backward && step.Node.Op is LossOp));
    }

    [TestMethod]
    public void An_auxiliary_output_that_is_the_same_tensor_adds_to_its_gradients()
    {
        SymbolicTensor head = Network.Input([4]).Dense(3, name: "head");
        Network network = head.Flatten().ToNetwork("one head twice", [(head.Reshape([3]), Weight)]);
        Network plain = head.Flatten();
        float[] inputs = DistinctNumbers.Create(Batch * 4, seed: 1);
        float[] targets = DistinctNumbers.Create(Batch * 3, seed: 2);
        using Weights weights = TestWeights.Create(plain);
        using Weights same = CopyOf(weights, network);
        EngineRun once = EngineRun.Train(plain, weights, inputs, targets, Batch, threads: 2);
        EngineRun twice = EngineRun.Train(network, same, inputs, targets, Batch, threads: 2);
        AssertSum(once.Losses, once.Losses, twice.Losses, "losses");
        AssertSum(once.InputGradient, once.InputGradient, twice.InputGradient, "gradient by the input");
        AssertSum(once.Gradients["head.weight"], once.Gradients["head.weight"], twice.Gradients["head.weight"], "gradient by the weight");
    }

    [TestMethod]
    [DataRow("head", DisplayName = "the network's own head is frozen")]
    [DataRow("aux", DisplayName = "the auxiliary head is frozen")]
    [DataRow("", DisplayName = "all is frozen")]
    public unsafe void Losses_count_every_output_whatever_is_frozen(string frozen)
    {
        SymbolicTensor x = Network.Input([4]);
        Network network = x.Dense(3, name: "head").ToNetwork("two heads", [(x.Dense(3, name: "aux"), Weight)]);
        float[] inputs = DistinctNumbers.Create(Batch * 4, seed: 1);
        float[] targets = DistinctNumbers.Create(Batch * 3, seed: 2);
        using Weights weights = TestWeights.Create(network);
        EngineRun expected = EngineRun.Train(network, weights, inputs, targets, Batch, threads: 2);
        using TrainingSession session = new(
            network, weights, new MeanSquares(), Batch, 2, seed: 1, isFrozen: name => name.Contains(frozen, StringComparison.Ordinal));
        inputs.CopyTo(new Span<float>(session.Inputs, inputs.Length));
        targets.CopyTo(new Span<float>(session.TargetValues, targets.Length));
        for (int step = 0; step < 2; step++)
        {
            inputs.CopyTo(new Span<float>(session.Inputs, inputs.Length));
            session.Step(Batch, epoch: 0);
            Closeness.AssertSameBits(expected.Losses, new ReadOnlySpan<float>(session.Losses, Batch), "losses");
        }
    }

    [TestMethod]
    public void A_definition_keeps_auxiliary_outputs()
    {
        Network network = Build(main: true, auxiliary: true);
        Network read = NetworkJson.Parse(NetworkJson.ToText(network));
        Assert.AreEqual(network, read);
        Assert.AreNotEqual(Build(main: true, auxiliary: false), read);
        AuxiliaryOutput output = read.AuxiliaryOutputs.Single();
        Assert.AreEqual("aux", read.Nodes[output.Node].Name);
        Assert.AreEqual(Weight, output.Weight);
        Assert.AreEqual(1, network.Named("other").AuxiliaryOutputs.Count);
    }

    [TestMethod]
    public void A_definition_with_a_wrong_auxiliary_output_is_refused()
    {
        string text = NetworkJson.ToText(Build(main: true, auxiliary: true));
        foreach ((string from, string to) in new[]
        {
            ("{\"layer\": \"aux\"", "{\"layer\": \"nowhere\""),
            ("{\"layer\": \"aux\"", "{\"layer\": \"input\""),
            ("{\"layer\": \"aux\"", "{\"layer\": \"stem\""),
            ("\"weight\": 0.3", "\"weight\": -1"),
            ("\"weight\": 0.3", "\"weight\": \"much\""),
            ("\"weight\": 0.3", "\"weight\": 0.3, \"more\": 1"),
        })
        {
            StringAssert.Contains(text, from);
            ModelFormatException error = Assert.ThrowsExactly<ModelFormatException>(
                () => NetworkJson.Parse(text.Replace(from, to, StringComparison.Ordinal)), to);
            StringAssert.Contains(error.Message, "Received: ");
        }
    }

    [TestMethod]
    public void What_cannot_be_an_auxiliary_output_is_refused_by_name()
    {
        SymbolicTensor x = Network.Input([4]);
        SymbolicTensor hidden = x.Dense(3, name: "hidden");
        SymbolicTensor main = hidden.Dense(2, name: "main");
        AssertRefused(main, x.Dense(3, name: "wide"), 1, "\"wide\" of 3");
        AssertRefused(main, hidden, 1, "\"hidden\"");
        AssertRefused(main, main, 1, "\"main\"");
        AssertRefused(main, main.Dense(2, name: "after"), 1, "\"main\"");
        AssertRefused(main, x, 1, "\"input\"");
        AssertRefused(main, x.Dense(2, name: "weightless"), 0, "Received: 0.");
        AssertRefused(main, x.Dense(2, name: "unbounded"), float.PositiveInfinity, "Received: ");
        AssertRefused(main, Network.Input([4]).Dense(2), 1, "another network");

        static void AssertRefused(SymbolicTensor main, SymbolicTensor auxiliary, float weight, string received)
        {
            NetworkDefinitionException error =
                Assert.ThrowsExactly<NetworkDefinitionException>(() => main.ToNetwork("refused", [(auxiliary, weight)]));
            StringAssert.Contains(error.Message, received);
        }
    }

    private static void AssertSum(float[] main, float[] auxiliary, float[] actual, string what) => Closeness.AssertClose(
        [.. main.Select((value, i) => value + (Weight * (double)auxiliary[i]))], actual, 1e-6, what);

    private static EngineRun Train(bool main, bool auxiliary, float[] inputs, float[] targets, int threads = 2)
    {
        using Weights all = TestWeights.Create(Build(main: true, auxiliary: true));
        Network network = Build(main, auxiliary);
        using Weights weights = CopyOf(all, network);
        return EngineRun.Train(network, weights, inputs, targets, Batch, threads);
    }

    private static Weights CopyOf(Weights from, Network network)
    {
        Weights copy = new(network);
        foreach (string name in copy.Names)
        {
            from[name].Span.CopyTo(copy[name].Span);
        }

        return copy;
    }

    /// <summary>A stem with two heads; where only the auxiliary one is asked for, it is the network's own output.</summary>
    private static Network Build(bool main, bool auxiliary)
    {
        SymbolicTensor stem = Network.Input(7, 7, 2).Conv(6, 3, name: "stem").Relu(name: "stem.relu");
        if (!main)
        {
            return Auxiliary(stem).ToNetwork();
        }

        SymbolicTensor output = stem.Conv(5, 3, name: "body").Relu(name: "body.relu").GlobalAvgPool(name: "pool").Dense(3, name: "head");
        return auxiliary ? output.ToNetwork(null, [(Auxiliary(stem), Weight)]) : output;
    }

    private static SymbolicTensor Auxiliary(SymbolicTensor stem) =>
        stem.AvgPool(5, name: "aux.pool").Flatten(name: "aux.flatten").Dense(3, name: "aux");
}
