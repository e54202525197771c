using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Running;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning;

/// <summary>Networks whose convolutions the planner computes by Winograd's method, in inference and in training.</summary>
[TestClass]
public class WinogradPlanTests
{
    private const int Batch = 3;

    public static IEnumerable<object[]> Networks =>
    [
        ["F(4x4, 3x3)", "64 to 128 on 16x16"],
        ["F(2x2, 3x3)", "128 to 160 on 8x8"],
    ];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Scores_losses_and_all_gradients_are_those_of_the_definition(string algorithm, string name)
    {
        Network network = Create(name);
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 51);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 52);
        NetworkOracle inference = new(network, weights, inputs, Batch, isTraining: false);
        Closeness.AssertClose(inference.Forward(), EngineRun.Predict(network, weights, inputs, Batch, threads: 2), 2e-5, "inference");
        EngineRun run = EngineRun.Train(network, weights, inputs, targets, Batch, threads: 2, maximumBatch: Batch + 2);
        run.AssertEquals(new NetworkOracle(network, weights, inputs, Batch, isTraining: true), targets, 5e-5, 5e-4, "training");
        using InferenceModel model = new(network, weights);
        StringAssert.Contains(model.Plan.ToString(), "Winograd " + algorithm);
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void The_bits_are_the_same_alone_in_a_batch_and_at_any_number_of_threads(string algorithm, string name)
    {
        Network network = Create(name);
        using Weights weights = TestWeights.Create(network);
        int inputLength = network.InputShape.ElementCount;
        int outputLength = network.OutputShape.ElementCount;
        float[] inputs = DistinctNumbers.Create(Batch * inputLength, seed: 53);
        float[] targets = DistinctNumbers.Create(Batch * outputLength, seed: 54);
        float[] expected = EngineRun.Predict(network, weights, inputs, Batch, threads: 1);
        for (int sample = 0; sample < Batch; sample++)
        {
            float[] alone = EngineRun.Predict(network, weights, inputs[(sample * inputLength)..((sample + 1) * inputLength)], 1, threads: 2);
            AssertSameBits(expected[(sample * outputLength)..((sample + 1) * outputLength)], alone, $"{algorithm}, sample {sample} alone");
        }

        foreach (int threads in new[] { 2, 4 })
        {
            AssertSameBits(expected, EngineRun.Predict(network, weights, inputs, Batch, threads), $"{algorithm}, {threads} threads");
        }

        // A step moves the running statistics, which its own numbers do not depend on.
        EngineRun one = EngineRun.Train(network, weights, inputs, targets, Batch, threads: 1);
        foreach (int threads in new[] { 2, 4 })
        {
            EngineRun run = EngineRun.Train(network, weights, inputs, targets, Batch, threads, maximumBatch: 2 * Batch);
            AssertSameBits(one.InputGradient, run.InputGradient, $"{algorithm}, gradient of the input at {threads} threads");
            foreach ((string parameter, float[] gradient) in one.Gradients)
            {
                AssertSameBits(gradient, run.Gradients[parameter], $"{algorithm}, gradient of {parameter} at {threads} threads");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void A_plan_that_may_not_use_it_does_not_and_scores_alike(string algorithm, string name)
    {
        Network network = Create(name);
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(network.InputShape.ElementCount, seed: 55);
        float[] with = EngineRun.Predict(network, weights, inputs, 1, threads: 2);
        PlanOptions options = new() { AllowsWinograd = false };
        using InferenceModel model = new(network, weights, numberOfThreads: 2, options);
        Assert.IsFalse(model.Plan.ToString().Contains("Winograd", StringComparison.Ordinal), algorithm);
        float[] without = new float[with.Length];
        model.Predict(inputs, 1, without);
        Closeness.AssertClose(DistinctNumbers.ToDoubles(without), with, 2e-5, algorithm);
        CollectionAssert.AreNotEqual(without, with, "The plans do not differ.");

        using TrainingSession session = new(
            network, weights, new MeanSquares(), maximumBatch: 1, numberOfThreads: 1, seed: 1, options: options);
        Assert.IsFalse(session.Plan.ToString().Contains("Winograd", StringComparison.Ordinal), algorithm);
    }

    [TestMethod]
    [DataRow(16, 14, "Relu")]
    [DataRow(12, 12, "ClippedRelu")]
    [DataRow(15, 17, "")]
    public void Max_pooling_is_the_end_of_the_convolution_before_it_in_inference(int height, int width, string function)
    {
        SymbolicTensor convolution = Network.Input(height, width, 64).Conv(72, 3, padding: 1);
        SymbolicTensor activated = function switch
        {
            "Relu" => convolution.Relu(),
            "ClippedRelu" => convolution.ClippedRelu(0.5f),
            _ => convolution,
        };
        Network network = activated.MaxPool(2).Conv(3, 1).GlobalAvgPool();
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 58);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 59);
        NetworkOracle inference = new(network, weights, inputs, Batch, isTraining: false);
        Closeness.AssertClose(inference.Forward(), EngineRun.Predict(network, weights, inputs, Batch, threads: 2), 2e-5, "inference");
        EngineRun run = EngineRun.Train(network, weights, inputs, targets, Batch, threads: 2);
        run.AssertEquals(new NetworkOracle(network, weights, inputs, Batch, isTraining: true), targets, 5e-5, 5e-4, "training");
        using InferenceModel model = new(network, weights);
        string[] kinds = [.. model.Plan.Steps.Select(step => step.Node.Op.Kind)];
        CollectionAssert.DoesNotContain(kinds, "max pooling");
        StringAssert.Contains(model.Plan.Steps[0].Node.Op.Describe(), function);
        StringAssert.EndsWith(model.Plan.Steps[0].Node.Op.Describe(), " + max pooling 2x2");
    }

    [TestMethod]
    [DataRow(3, 2, 0)]
    [DataRow(2, 1, 0)]
    [DataRow(2, 2, 1)]
    public void Other_windows_of_max_pooling_stay_steps_of_their_own(int window, int stride, int padding)
    {
        Network network = Network.Input(16, 16, 64).Conv(64, 3, padding: 1).Relu().MaxPool(window, stride, padding).GlobalAvgPool();
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights);
        CollectionAssert.Contains(model.Plan.Steps.Select(step => step.Node.Op.Kind).ToArray(), "max pooling");
    }

    [TestMethod]
    public void A_window_that_reaches_over_the_border_stays_a_step_of_its_own()
    {
        Network network = Network.Input(15, 15, 64).Conv(64, 3, padding: 1).MaxPool(2, ceiling: true).GlobalAvgPool();
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 61);
        NetworkOracle inference = new(network, weights, inputs, Batch, isTraining: false);
        Closeness.AssertClose(inference.Forward(), EngineRun.Predict(network, weights, inputs, Batch, threads: 2), 2e-5, "inference");
        using InferenceModel model = new(network, weights);
        CollectionAssert.Contains(model.Plan.Steps.Select(step => step.Node.Op.Kind).ToArray(), "max pooling");
    }

    [TestMethod]
    public void A_convolution_that_is_asked_for_is_not_pooled_in_its_place()
    {
        Network network = Network.Input(16, 16, 64).Conv(64, 3, padding: 1).MaxPool(2).GlobalAvgPool();
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights, numberOfThreads: 1, options: null, node: 0);
        Assert.AreEqual(network.Nodes[0].OutputShape, model.OutputShape);
        Assert.IsFalse(model.Plan.ToString().Contains("max pooling", StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_convolution_that_is_read_twice_is_not_pooled_in_its_place()
    {
        SymbolicTensor convolution = Network.Input(16, 16, 64).Conv(64, 3, padding: 1);
        Network network = convolution.MaxPool(2).GlobalAvgPool().Add(convolution.GlobalAvgPool());
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 60);
        NetworkOracle inference = new(network, weights, inputs, Batch, isTraining: false);
        Closeness.AssertClose(inference.Forward(), EngineRun.Predict(network, weights, inputs, Batch, threads: 2), 2e-5, "inference");
    }

    [TestMethod]
    public void In_training_batch_normalization_adds_the_shortcut_and_rectifies_and_the_shortcuts_gradient_shares_memory()
    {
        SymbolicTensor input = Network.Input(8, 8, 4).Conv(8, 3, padding: 1);
        Network network = input.Conv(8, 3, padding: 1).BatchNorm().Add(input).Relu().Conv(2, 1).GlobalAvgPool();
        using Weights weights = TestWeights.Create(network);
        using TrainingSession session = new(network, weights, new MeanSquares(), maximumBatch: 2, numberOfThreads: 1, seed: 1);
        PlanStep[] steps = [.. session.Plan.Steps.Where(step => step.Node.Op.Kind == "batch normalization")];
        Assert.HasCount(2, steps);
        StringAssert.Contains(steps[0].Node.Op.Describe(), "+ residual + Relu");
        Assert.AreEqual(steps[1].Binding.OutputGradient, steps[1].Binding.InputGradients[5]);
        string[] kinds = [.. session.Plan.Steps.Select(step => step.Node.Op.Kind)];
        CollectionAssert.DoesNotContain(kinds, "add");
        CollectionAssert.DoesNotContain(kinds, "activation");
    }

    [TestMethod]
    public void Gradients_that_are_asked_for_are_the_same_bits_where_others_are_not()
    {
        SymbolicTensor input = Network.Input(6, 6, 3).Conv(8, 3, padding: 1, name: "first");
        SymbolicTensor shortcut = input.Conv(8, 1, name: "shortcut").BatchNorm(name: "shortcut-norm");
        Network network = input.Conv(8, 3, padding: 1, name: "main").BatchNorm(name: "main-norm").Add(shortcut).Relu()
            .Conv(3, 1, name: "last").GlobalAvgPool();
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 56);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 57);
        foreach (string[] frozen in new string[][]
        {
            [], ["first"], ["first", "main", "main-norm"], ["first", "shortcut", "shortcut-norm"], ["shortcut-norm"], ["main", "last"],
        })
        {
            // Frozen normalisation computes something else: what is compared with has it, too.
            Dictionary<string, float[]> expected = Gradients([.. frozen.Where(name => name.EndsWith("norm", StringComparison.Ordinal))]);
            Dictionary<string, float[]> gradients = Gradients(frozen);
            foreach ((string parameter, float[] gradient) in gradients.Where(entry => !frozen.Contains(entry.Key.Split('.')[0])))
            {
                AssertSameBits(expected[parameter], gradient, $"{parameter} with {string.Join(", ", frozen)} frozen");
            }
        }

        Dictionary<string, float[]> Gradients(string[] frozen)
        {
            using Weights weights = TestWeights.Create(network);
            using TrainingSession session = new(
                network, weights, new MeanSquares(), Batch, numberOfThreads: 2, seed: 1, frozen.Contains);
            return EngineRun.GradientsOfStep(session, inputs, targets, Batch);
        }
    }

    private static Network Create(string name) => name switch
    {
        "64 to 128 on 16x16" => Network.Input(16, 16, 64).Conv(128, 3, padding: 1).BatchNorm().Relu().Conv(64, 3, padding: 1).GlobalAvgPool(),
        "128 to 160 on 8x8" => Network.Input(8, 8, 128).Conv(160, 3, padding: 1).Relu().Conv(128, 3, padding: 1).BatchNorm().GlobalAvgPool(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such network."),
    };

    private static void AssertSameBits(float[] expected, float[] actual, string what)
    {
        ReadOnlySpan<int> left = MemoryMarshal.Cast<float, int>(expected);
        ReadOnlySpan<int> right = MemoryMarshal.Cast<float, int>(actual);
        Assert.AreEqual(left.Length, right.Length, what);
        Assert.AreEqual(left.Length, left.CommonPrefixLength(right), $"{what}: the first element that differs");
    }
}
