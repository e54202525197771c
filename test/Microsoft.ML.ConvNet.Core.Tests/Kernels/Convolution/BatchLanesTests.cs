using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Convolution;

/// <summary>Chains with images in the lanes, beside the same networks computed with channels in the lanes.</summary>
[TestClass]
public class BatchLanesTests
{
    // Neither of lanes nor of Winograd: sums in their plain order.
    private static readonly PlanOptions Plain = new() { AllowsBatchLanes = false, AllowsWinograd = false };
    private static readonly int[] Batches = [1, 5, 16, 17, 40];

    private static IReadOnlyDictionary<string, Network> Networks { get; } = new Dictionary<string, Network>
    {
        ["LeNet-5"] = LeNet5.Create([20, 20, 1]),
        ["LeNet-5 of 1998"] = LeNet5.Create1998([21, 20, 1]),
        ["one convolution"] = Network.Input(7, 9, 3).Conv(5, 3).Flatten().Dense(3),
        ["no bias, no function, windows that leave rows and columns over"] =
            Network.Input(9, 8, 2).Conv(7, 3, padding: 1, useBias: false).MaxPool(2).Conv(3, 2, useBias: false).AvgPool(2).Flatten(),
        ["convolutions without pooling between them"] =
            Network.Input(8, 7, 1).Conv(4, 3, padding: 1).Relu().Conv(8, 3, padding: 1).Tanh().Conv(6, 3).LeakyRelu(0.1f).Flatten().Dense(4),
        ["even and flat kernels"] =
            Network.Input(9, 10, 2).Conv(6, (2, 5), padding: Padding.Same).Sigmoid().MaxPool(3).Conv(13, (3, 1), padding: Padding.Same).AvgPool((1, 3)),
        ["rows of taps that never meet the image"] = Network.Input(1, 9, 2).Conv(5, 3, padding: 1).Relu().Conv(3, (2, 1), padding: Padding.Same).Flatten(),
        ["windows apart"] = Network.Input(11, 12, 1).Conv(5, 3, padding: 1).Relu().MaxPool(2, stride: 3).Conv(5, 3, padding: 1).Tanh().AvgPool(1, stride: 2),
        ["windows that leave the image"] =
            Network.Input(7, 8, 1).Conv(6, 3, padding: 1).Tanh().MaxPool(2, padding: 1).Conv(4, 1).Elu().AvgPool(3, padding: 1).Flatten(),
    };

    [TestMethod]
    public void Scores_have_the_same_bits_as_those_of_channels_in_the_lanes()
    {
        foreach ((string name, Network network) in Networks)
        {
            using Weights weights = TestWeights.Create(network);
            foreach (int threads in new[] { 1, 3 })
            {
                using InferenceModel lanes = new(network, weights, threads);
                using InferenceModel plain = new(network, weights, threads, Plain);
                Assert.IsTrue(lanes.Plan.Steps.Any(step => step.Node.Op is BatchLanesOp), name);
                foreach (int batch in Batches)
                {
                    float[] inputs = DistinctNumbers.Create(batch * network.InputShape.ElementCount, seed: 3);
                    float[] expected = new float[batch * network.OutputShape.ElementCount];
                    float[] scores = new float[expected.Length];
                    plain.Predict(inputs, batch, expected);
                    lanes.Predict(inputs, batch, scores);
                    Closeness.AssertSameBits(expected, scores, $"{name}, batch {batch}, {threads} threads");
                }
            }
        }
    }

    [TestMethod]
    public void A_training_step_has_the_outputs_bit_by_bit_and_the_gradients_but_for_rounding()
    {
        foreach ((string name, Network network) in Networks)
        {
            using Weights weights = TestWeights.Create(network);
            foreach (int batch in Batches)
            {
                float[] inputs = DistinctNumbers.Create(batch * network.InputShape.ElementCount, seed: 4);
                float[] targets = DistinctNumbers.Create(batch * network.OutputShape.ElementCount, seed: 5);
                EngineRun lanes = Train(network, weights, inputs, targets, batch, threads: 1);
                EngineRun plain = Train(network, weights, inputs, targets, batch, threads: 1, Plain);
                string what = $"{name}, batch {batch}";
                Closeness.AssertSameBits(plain.Outputs, lanes.Outputs, $"{what}, outputs");
                AssertClose(plain.InputGradient, lanes.InputGradient, $"{what}, gradient by the input");
                foreach ((string parameter, float[] gradient) in plain.Gradients)
                {
                    AssertClose(gradient, lanes.Gradients[parameter], $"{what}, gradient by {parameter}");
                }
            }
        }
    }

    [TestMethod]
    public void A_training_step_has_the_same_bits_at_any_number_of_threads()
    {
        const int Batch = 40;
        foreach ((string name, Network network) in Networks)
        {
            using Weights weights = TestWeights.Create(network);
            float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 6);
            float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 7);
            EngineRun single = Train(network, weights, inputs, targets, Batch, threads: 1);
            single.AssertSameBits(Train(network, weights, inputs, targets, Batch, threads: 2), $"{name}, 2 threads");
            single.AssertSameBits(Train(network, weights, inputs, targets, Batch, threads: 4), $"{name}, 4 threads");
        }
    }

    [TestMethod]
    public void Where_all_sums_are_exact_the_gradients_have_the_same_bits_and_go_to_the_first_of_equal_maxima()
    {
        const int Batch = 17;
        Network network = Network.Input(12, 11, 1).Conv(5, 3, padding: 1).Relu().MaxPool(2).Conv(4, 3).MaxPool(2).Flatten();
        using Weights weights = new(network);
        RandomStream random = new(8, RandomPurpose.Synthesis);
        foreach (string name in weights.Names)
        {
            FillWithSmallIntegers(weights[name].Span, ref random);
        }

        float[] inputs = new float[Batch * network.InputShape.ElementCount];
        float[] targets = new float[Batch * network.OutputShape.ElementCount];
        FillWithSmallIntegers(inputs, ref random);
        FillWithSmallIntegers(targets, ref random);
        EngineRun lanes = Train(network, weights, inputs, targets, Batch, threads: 2);
        EngineRun plain = Train(network, weights, inputs, targets, Batch, threads: 2, Plain);
        int nonZero = plain.Gradients.Values.Sum(gradient => gradient.Count(value => value != 0));
        Assert.IsTrue(nonZero > 100, $"{nonZero} gradients are not zero.");

        // The mean's division is not exact: what it divides by is taken out again, so that whole numbers remain.
        float factor = targets.Length / 2f;
        foreach ((string name, float[] gradient) in plain.Gradients)
        {
            CollectionAssert.AreEqual(Whole(gradient, factor), Whole(lanes.Gradients[name], factor), name);
        }

        CollectionAssert.AreEqual(Whole(plain.InputGradient, factor), Whole(lanes.InputGradient, factor), "the input");
    }

    [TestMethod]
    public void A_NaN_in_a_window_is_its_maximum_in_both_ways()
    {
        const int Batch = 16;
        Network network = Network.Input(6, 6, 1).Conv(2, 1, useBias: false).MaxPool(2).Flatten();
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 9);
        for (int i = 0; i < inputs.Length; i += 7)
        {
            inputs[i] = float.NaN;
        }

        using InferenceModel lanes = new(network, weights, numberOfThreads: 1);
        using InferenceModel plain = new(network, weights, numberOfThreads: 1, Plain);
        float[] expected = new float[Batch * network.OutputShape.ElementCount];
        float[] scores = new float[expected.Length];
        plain.Predict(inputs, Batch, expected);
        lanes.Predict(inputs, Batch, scores);
        Assert.IsTrue(expected.Any(float.IsNaN) && !expected.All(float.IsNaN));
        CollectionAssert.AreEqual(expected, scores);
    }

    [TestMethod]
    public void Layers_that_are_not_trained_get_no_gradient_and_the_others_get_the_same()
    {
        const int Batch = 20;
        Network network = LeNet5.Create([20, 20, 1]);
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 10);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 11);
        EngineRun all = Train(network, weights, inputs, targets, Batch, threads: 2);
        foreach (string[] frozen in new string[][] { ["conv1"], ["conv2"], ["conv1", "conv2"] })
        {
            using TrainingSession session = new(
                network, weights, new MeanSquares(), Batch, numberOfThreads: 2, seed: 1, layer => frozen.Contains(layer));
            inputs.CopyTo(Inputs(session, inputs.Length));
            targets.CopyTo(Targets(session, targets.Length));
            session.Step(Batch, epoch: 0);
            foreach ((string name, float[] gradient) in all.Gradients)
            {
                if (!frozen.Any(layer => name.StartsWith(layer + ".", StringComparison.Ordinal)))
                {
                    Closeness.AssertSameBits(gradient, GradientOf(session, name), $"{name} without {string.Join(", ", frozen)}");
                }
            }
        }
    }

    [TestMethod]
    public void A_value_that_something_else_reads_ends_a_chain()
    {
        SymbolicTensor first = Network.Input(6, 6, 1).Conv(4, 3, padding: 1).Relu();
        Network network = first.Conv(4, 3, padding: 1).Add(first).Flatten().Dense(2);
        using Weights weights = TestWeights.Create(network);
        const int Batch = 18;
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 12);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 13);
        EngineRun lanes = Train(network, weights, inputs, targets, Batch, threads: 2);
        EngineRun plain = Train(network, weights, inputs, targets, Batch, threads: 2, Plain);
        Closeness.AssertSameBits(plain.Outputs, lanes.Outputs, "outputs");
        foreach ((string parameter, float[] gradient) in plain.Gradients)
        {
            AssertClose(gradient, lanes.Gradients[parameter], $"gradient by {parameter}");
        }
    }

    private static EngineRun Train(
        Network network, Weights weights, float[] inputs, float[] targets, int batch, int threads, PlanOptions? options = null)
    {
        using TrainingSession session =
            new(network, weights, new MeanSquares(), batch, threads, seed: 1, inputGradient: true, options: options);
        Assert.AreEqual(options == null, session.Plan.Steps.Any(step => step.Node.Op is BatchLanesOp));
        return EngineRun.Step(session, inputs, targets, batch);
    }

    private static unsafe Span<float> Inputs(TrainingSession session, int length) => new(session.Inputs, length);

    private static unsafe Span<float> Targets(TrainingSession session, int length) => new(session.TargetValues, length);

    private static unsafe ReadOnlySpan<float> GradientOf(TrainingSession session, string name)
    {
        int parameter = session.Network.Parameters.ToList().FindIndex(candidate => candidate.Name == name);
        return new(session.Gradients + session.Weights.OffsetOf(parameter), session.Network.Parameters[parameter].Shape.ElementCount);
    }

    private static void FillWithSmallIntegers(Span<float> numbers, ref RandomStream random)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = random.NextIndex(5) - 2;
        }
    }

    private static double[] Whole(float[] numbers, float factor) =>
        [.. numbers.Select(number => Math.Round(number * (double)factor, MidpointRounding.AwayFromZero) + 0.0)];

    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        // Relative to the largest gradient.
        double largest = Math.Max(expected.Max(Math.Abs), 1e-30);
        Closeness.AssertClose(
            [.. expected.Select(value => value / largest)], [.. actual.Select(value => (float)(value / largest))], 1e-5, what);
    }
}
