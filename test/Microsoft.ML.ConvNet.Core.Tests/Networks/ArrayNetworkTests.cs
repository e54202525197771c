using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>
/// Networks in which tensors change their shape between other layers, against their interpretation in double: what is fused, folded, run in
/// place or taken from the memory of another value computes the same.
/// </summary>
[TestClass]
public class ArrayNetworkTests
{
    private const int Batch = 3;
    private static readonly PlanOptions Plain = new() { AllowsBatchLanes = false };

    public static IEnumerable<object[]> Names => Networks.Keys.Select(name => new object[] { name });

    private static Dictionary<string, Func<Network>> Networks { get; } = new()
    {
        ["a reshaped input is convolved"] = () => Network.Input(4, 6, 2).Reshape([3, 4, 4]).Conv(5, 3, padding: 1).Relu(),
        ["a permuted input is convolved"] = () => Network.Input(3, 6, 5).Permute(1, 2, 0).Conv(5, 3, padding: 1).Relu(),
        ["a sliced input is convolved"] = () => Network.Input(7, 6, 5).Slice(0, 1, -1).Slice(2, 0, 4, 2).Conv(5, 3).Relu(),
        ["a padded input is convolved"] = () => Network.Input(7, 6, 5).Pad(1, PaddingMode.Reflect).Conv(5, 3).Relu(),
        ["a reshaped input is the output"] = () => Network.Input(4, 6, 2).Reshape([3, 4, 4]),
        ["a vector becomes an image"] = () => Network.Input([10]).Dense(48).Reshape([4, 4, 3]).Conv(7, 3, padding: 1).Relu().MaxPool(2),
        ["a convolution is reshaped before one"] = () => Network.Input(6, 4, 3).Conv(6, 1).Reshape([4, 3, 12]).Conv(4, 3, padding: 1).Tanh(),
        ["a convolution is reshaped before poolings"] = () =>
        {
            SymbolicTensor stem = Network.Input(8, 8, 1).Conv(4, 3, padding: 1).Relu().Reshape([16, 4, 4]);
            return stem.MaxPool(2).Flatten().Concat(stem.AvgPool(2).Flatten(), stem.GlobalAvgPool(), stem.AdaptiveMaxPool(3).Flatten());
        },
        ["a pooling is reshaped before a convolution"] = () =>
            Network.Input(8, 8, 1).Conv(4, 3, padding: 1).Relu().MaxPool(2).Reshape([2, 8, 4]).Conv(4, 3, padding: 1).Relu().MaxPool(2),
        ["a convolution is reshaped before batch normalization of its channels"] = () =>
            Network.Input(6, 4, 3).Conv(6, 3).BatchNorm().Reshape([8, 6]).BatchNorm().Relu(),
        ["a convolution is reshaped before batch normalization of other channels"] = () =>
            Network.Input(6, 4, 3).Conv(6, 3).Reshape([4, 12]).BatchNorm().Relu().Reshape([4, 2, 6]).Conv(3, 1),
        ["a product is reshaped before batch normalization"] = () => Network.Input([5]).Dense(12).Reshape([2, 2, 3]).BatchNorm().Relu(),
        ["a convolution is reshaped before softmax"] = () => Network.Input(6, 4, 3).Conv(6, 3).Reshape([4, 12]).Softmax(),
        ["a softmax over channels is reshaped"] = () => Network.Input(4, 4, 6).Softmax().Reshape([4, 24]).Softmax().Reshape([96]).Dense(5),
        ["a convolution is reshaped before a product"] = () => Network.Input(6, 4, 3).Conv(6, 3).Relu().Reshape([48]).Dense(5),
        ["convolutions are joined along rows"] = () =>
        {
            SymbolicTensor input = Network.Input(6, 5, 3);
            return input.Conv(4, 1).Concat(0, input.Conv(4, 3, padding: 1), input.Conv(4, (3, 1))).Conv(2, 1);
        },
        ["convolutions of one row are joined along rows and columns"] = () =>
        {
            SymbolicTensor input = Network.Input(1, 1, 9);
            SymbolicTensor rows = input.Conv(20, 1).Concat(0, input.Conv(20, 1), input.Conv(20, 1));
            return rows.Concat(1, rows.Relu()).Conv(3, 1);
        },
        ["reshaped convolutions are joined"] = () =>
        {
            SymbolicTensor input = Network.Input(4, 4, 3);
            return input.Conv(20, 1).Reshape([16, 20]).Concat(input.Conv(40, 1).Reshape([16, 40]), input.Conv(4, 3).Reshape([16, 1]).Expand([16, 2]));
        },
        ["a sum of reshaped convolutions"] = () =>
        {
            SymbolicTensor input = Network.Input(4, 4, 3);
            return input.Conv(6, 1).Reshape([8, 2, 6]).Add(input.Conv(12, 1).Slice(2, 0, 6).Reshape([8, 2, 6])).Relu();
        },
        ["squeeze and excitation"] = () =>
        {
            SymbolicTensor image = Network.Input(6, 5, 3).Conv(20, 3, padding: 1).BatchNorm().Relu();
            SymbolicTensor gate = image.Reduce(ReduceFunction.Mean, [0, 1]).Conv(5, 1).Relu().Conv(20, 1).Sigmoid();
            return image.Add(image.Multiply(gate)).GlobalAvgPool().Dense(4);
        },
        ["a shuffled unit"] = () =>
        {
            SymbolicTensor image = Network.Input(6, 5, 3).Conv(16, 1).Relu();
            SymbolicTensor branch = image.Slice(-1, 8).Conv(8, 1).BatchNorm().Relu().Conv(8, 3, padding: 1, groups: 8).BatchNorm();
            return image.Slice(-1, 0, 8).Concat(branch).ChannelShuffle(2).Conv(4, 1);
        },
        ["attention"] = () =>
        {
            SymbolicTensor input = Network.Input(6, 5, 3).Reshape([30, 3]);
            SymbolicTensor query = input.Reshape([30, 1, 3]).Conv(8, 1).Reshape([30, 2, 4]).Permute(1, 0, 2);
            SymbolicTensor key = input.Reshape([30, 1, 3]).Conv(8, 1).Reshape([30, 2, 4]).Permute(1, 2, 0);
            return query.MatMul(key).Softmax().MatMul(query).Permute(1, 0, 2).Reshape([30, 8]);
        },
        ["constants of all kinds"] = () =>
        {
            SymbolicTensor input = Network.Input(5, 4, 3);
            SymbolicTensor scale = input.Constant([1, 1, 3], isTrainable: true);
            SymbolicTensor shift = input.Constant([3]).Reshape([1, 1, 3]);
            SymbolicTensor all = input.Constant([5, 4, 3], isTrainable: true);
            return input.Multiply(scale).Add(shift).Add(all).Subtract(scale).Concat(all, scale.Expand([5, 4, 3]));
        },
        ["constants joined to each other first"] = () =>
        {
            SymbolicTensor input = Network.Input(5, 4, 3);
            SymbolicTensor own = input.Constant([1, 4, 1], isTrainable: true).Multiply(input.Constant([1, 1, 3], isTrainable: true));
            return own.Maximum(input).Select(own, input.Constant([1, 1, 1], isTrainable: true));
        },
        ["a product with a constant"] = () =>
        {
            SymbolicTensor input = Network.Input(5, 4, 6);
            SymbolicTensor product = input.MatMul(input.Constant([6, 20], isTrainable: true)).BatchNorm().Relu();
            return product.MatMul(input.Constant([40]).Reshape([1, 20, 2])).MatMul(input.Constant([2], isTrainable: true));
        },
        ["products of constants with the input"] = () =>
        {
            SymbolicTensor input = Network.Input(5, 4, 6);
            return input.Constant([3, 4], isTrainable: true).MatMul(input).MatMul(input.Constant([5, 6, 2], isTrainable: true));
        },
        ["a value is read twice by one layer"] = () =>
        {
            SymbolicTensor input = Network.Input(5, 4, 3).Tanh();
            return input.Multiply(input).Add(input.Multiply(input, input)).Subtract(input.Permute(0, 1, 2));
        },
    };

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void It_scores_and_trains_as_its_layers_mean(string name)
    {
        Network network = Networks[name]();
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 61);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 62);
        NetworkOracle inference = new(network, weights, inputs, Batch, isTraining: false);
        NetworkOracle training = new(network, weights, inputs, Batch, isTraining: true);
        float[] together = EngineRun.Predict(network, weights, inputs, Batch, threads: 2);
        Closeness.AssertClose(inference.Forward(), together, 2e-5, $"{name}, inference");
        using InferenceModel model = new(network, weights, 1);
        float[] alone = new float[network.OutputShape.ElementCount];
        for (int n = 0; n < Batch; n++)
        {
            int length = network.InputShape.ElementCount;
            model.Predict(inputs.AsSpan(n * length, length), 1, alone);
            Closeness.AssertSameBits(together.AsSpan(n * alone.Length, alone.Length), alone, $"{name}, sample {n} alone");
        }

        EngineRun.Train(network, weights, inputs, targets, Batch, threads: 2).AssertEquals(training, targets, 2e-5, 1e-4, $"{name}, training");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void It_scores_the_same_bits_with_images_in_lanes_or_not_and_survives_JSON(string name)
    {
        Network network = Networks[name]();
        Network read = NetworkJson.Parse(NetworkJson.ToText(network));
        Assert.AreEqual(network, read);
        Assert.AreEqual(network.Summary().ToString(), read.Summary().ToString());
        using Weights weights = TestWeights.Create(network);
        const int Many = 40;
        float[] inputs = DistinctNumbers.Create(Many * network.InputShape.ElementCount, seed: 63);
        using InferenceModel plain = new(network, weights, 2, Plain);
        float[] expected = new float[Many * network.OutputShape.ElementCount];
        plain.Predict(inputs, Many, expected);
        Closeness.AssertSameBits(expected, EngineRun.Predict(network, weights, inputs, Many, threads: 2), name);
    }

    [TestMethod]
    public void What_adds_or_scales_by_a_constant_reads_it_once_for_all_samples()
    {
        foreach (Plan plan in PlansOf(Networks["constants of all kinds"]()))
        {
            OpNode[] nodes = [.. plan.Steps.Where(step => step.Action is PlanAction.Forward or PlanAction.ForwardTraining).Select(step => step.Node)];
            CollectionAssert.IsSubsetOf(new[] { "multiply", "add", "add", "subtract" }, nodes.Select(node => node.Op.Kind).ToArray());

            // Only what the concatenation and the expansion read is written out.
            Assert.AreEqual(2, nodes.Count(node => node.Op is ExpansionOp { IsConstant: true }));
            Assert.IsTrue(nodes.Where(node => node.Op.Kind is "multiply" or "add" or "subtract")
                .All(node => node.Inputs.Count(input => input.Kind == OpValueKind.Parameter) == 1));
        }
    }

    [TestMethod]
    public void A_product_with_a_constant_is_a_convolution_with_packed_weights_and_takes_over_what_follows()
    {
        using Weights weights = TestWeights.Create(Networks["a product with a constant"]());
        using InferenceModel model = new(weights.Network, weights, options: Plain);
        PlanStep[] steps = [.. model.Plan.Steps];
        Assert.HasCount(3, steps);
        Assert.IsTrue(steps.All(step => step.Node.Op is ConvolutionOp), model.Plan.ToString());
        StringAssert.Contains(steps[0].Node.Op.Describe(), "+ bias + Relu");
    }

    [TestMethod]
    public void A_gate_is_read_in_place_and_the_product_may_lie_where_the_image_lay()
    {
        SymbolicTensor image = Network.Input(6, 5, 3).Conv(20, 3, padding: 1).Relu();
        Network network = image.Tanh().Multiply(image.Reduce(ReduceFunction.Mean, [0, 1]));
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights);
        PlanStep product = model.Plan.Steps.Single(step => step.Node.Op.Kind == "multiply");
        Assert.AreEqual(product.Binding.Inputs[0], product.Binding.Output);
    }

    [TestMethod]
    public void A_constant_holds_what_its_weights_do_and_begins_with_zeros()
    {
        SymbolicTensor input = Network.Input([3]);
        Network network = input.Multiply(input.Constant([3], name: "scale"));
        Assert.AreEqual(0, network.ParameterCount);
        CollectionAssert.AreEqual(new[] { "scale.value" }, network.Parameters.Select(parameter => parameter.Name).ToArray());
        using Weights weights = Weights.Initialize(network, seed: 1);
        CollectionAssert.AreEqual(new float[] { 0, 0, 0 }, EngineRun.Predict(network, weights, [1, 2, 3], 1, threads: 1));
        new float[] { 2, 3, -1 }.CopyTo(weights["scale.value"].Span);
        CollectionAssert.AreEqual(
            new float[] { 2, 6, -3, 8, 15, -6 }, EngineRun.Predict(network, weights, [1, 2, 3, 4, 5, 6], 2, threads: 1));
        StringAssert.Contains(NetworkJson.ToText(network), """{"name": "scale", "layer": "Constant", "inputs": [], "shape": [3]}""");
    }

    [TestMethod]
    public void A_network_that_does_not_read_its_input_is_refused()
    {
        SymbolicTensor constant = Network.Input([3]).Constant([4]).Relu();
        NetworkDefinitionException exception = Assert.ThrowsExactly<NetworkDefinitionException>(() => constant.ToNetwork());
        Assert.AreEqual(
            "A network's output depends on its input. Received: \"relu1\", which depends on constants only.", exception.Message);
    }

    [TestMethod]
    public void Padding_an_image_needs_numbers_of_rows_and_columns()
    {
        Assert.AreEqual("9x9x3", Network.Input(5, 6, 3).Pad(new Padding(1, 3, 2, 1)).Shape.ToString());
        Assert.ThrowsExactly<NetworkDefinitionException>(() => Network.Input(5, 6, 3).Pad(Padding.Same));
        Assert.ThrowsExactly<NetworkDefinitionException>(() => Network.Input([5]).Pad(1));
    }

    [TestMethod]
    [DataRow("{\"name\": \"a\", \"layer\": \"Reshape\", \"shape\": [0, 36]}", "Reshape \"a\": the hyperparameter \"shape\" has another form. Received: [0, 36].")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Reshape\", \"shape\": 36}", "Received: 36.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Reshape\"}", "Reshape \"a\": works on 1 to 8 dimensions. Received: scalar (rank 0).")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Permute\", \"axes\": [0, 1.5, 2]}", "\"axes\" has another form. Received: [0, 1.5, 2].")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Permute\", \"axes\": [[0], 1, 2]}", "\"axes\" has another form.")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Reduce\", \"function\": \"Median\", \"axes\": [0]}", "\"function\" has another form. Received: \"Median\".")]
    [DataRow("{\"name\": \"a\", \"layer\": \"Constant\", \"shape\": [3]}", "Constant \"a\": takes 0 inputs. Received: 1.")]
    public void A_definition_with_other_numbers_is_refused_by_name(string layer, string message)
    {
        ModelFormatException exception = Assert.ThrowsExactly<ModelFormatException>(() => NetworkJson.Parse(
            $$"""{"format": "Microsoft.ML.ConvNet.Network", "version": 1, "input": [6, 6, 1], "layers": [{{layer}}]}"""));
        StringAssert.Contains(exception.Message, message);
    }

    private static Plan[] PlansOf(Network network) =>
    [
        Planner.ForInference(network, PlanOptions.Default),
        Planner.ForTraining(network, new MeanSquares(), PlanOptions.Default, isFrozen: null, inputGradient: true),
    ];
}
