using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Architecture = Microsoft.ML.ConvNet.Zoo.Architecture;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>Networks that end in a layer of another one, with its weights, for images of another size and under another head.</summary>
[TestClass]
public sealed class TruncatedNetworkTests
{
    private const int Batch = 3;

    [TestMethod]
    [DataRow("stem")]
    [DataRow("left")]
    [DataRow("sum")]
    [DataRow("joined")]
    [DataRow("pool")]
    [DataRow("classes")]
    public void A_truncated_network_gives_what_its_last_layer_gave_in_the_whole(string layer)
    {
        Network whole = Branched();
        using Weights weights = TestWeights(whole);
        float[] inputs = DistinctNumbers.Create(Batch * whole.InputShape.ElementCount, seed: 3);
        Network truncated = whole.Truncate(layer);
        using Weights copied = weights.CopyFor(truncated);
        Assert.AreEqual(layer, truncated.Nodes[^1].Name);
        double[] expected = [.. At(whole, weights, layer, inputs).Select(value => (double)value)];
        Closeness.AssertClose(expected, EngineRun.Predict(truncated, copied, inputs, Batch, threads: 2), 1e-6, layer);
    }

    [TestMethod]
    public void Branches_that_lead_elsewhere_and_auxiliary_outputs_are_left_out()
    {
        Network truncated = Branched().Truncate("sum");
        Assert.AreEqual("stem left right sum", Names(truncated));
        Assert.IsEmpty(truncated.AuxiliaryOutputs);
        Assert.AreEqual("stem.weight stem.bias left.weight left.bias right.weight right.bias", string.Join(' ', truncated.Parameters.Select(p => p.Name)));
        Assert.HasCount(1, Branched().AuxiliaryOutputs, "the whole stays as it is");
    }

    [TestMethod]
    public void A_layer_that_is_not_there_is_refused_by_name()
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => Branched().Truncate("leaf"));
        StringAssert.Contains(error.Message, "one of stem, left, right, sum");
        StringAssert.Contains(error.Message, "Received: \"leaf\"");
    }

    [TestMethod]
    public void A_constant_depends_on_no_input_and_is_refused()
    {
        SymbolicTensor x = Network.Input(4, 4, 1).Conv(2, 3, name: "conv");
        Network network = x.Apply(new Multiply(), [x.Constant([1, 1, 1], name: "factor")], "scaled").GlobalAvgPool().Dense(2);
        Assert.ThrowsExactly<NetworkDefinitionException>(() => network.Truncate("factor"));
        Assert.AreEqual("conv factor scaled", Names(network.Truncate("scaled")));
    }

    [TestMethod]
    public void Layers_up_to_one_are_those_that_it_depends_on() => Assert.AreEqual(
        "stem left right sum side joined", string.Join(' ', Branched().LayersUpTo("joined")));

    // The lengths of the vectors that these networks are known to give as features.
    [TestMethod]
    [DataRow("alexnet", 4096)]
    [DataRow("vgg16", 4096)]
    [DataRow("squeezenet", 512)]
    [DataRow("resnet18", 512)]
    [DataRow("resnet50", 2048)]
    [DataRow("densenet121", 1024)]
    [DataRow("googlenet-aux", 1024)]
    [DataRow("inception-v3", 2048)]
    [DataRow("mobilenet-v2", 1280)]
    [DataRow("shufflenet-v2", 1024)]
    [DataRow("lenet5", 84)]
    public void What_stands_before_the_classifier_are_the_known_features(string name, int features)
    {
        Network network = Architecture.Get(name).Create();
        Network truncated = network.Truncate(network.FeatureLayer!).WithVectorOutput();
        Assert.AreEqual($"{features}", truncated.OutputShape.ToString());
        Assert.IsLessThan(network.ParameterCount, truncated.ParameterCount);
    }

    [TestMethod]
    public void A_network_that_ends_in_no_classifier_gives_features_itself()
    {
        SymbolicTensor x = Network.Input(8, 8, 3).Conv(4, 1, name: "a");
        Assert.AreEqual("pool", Layer(x.Conv(4, 1, name: "b").Add(x).Relu().GlobalAvgPool(name: "pool")), "a residual block");
        Assert.AreEqual("bn", Layer(Network.Input(8, 8, 3).Conv(4, 1).BatchNorm(name: "bn")), "batch normalisation");
        Assert.AreEqual("relu", Layer(Network.Input(8, 8, 3).Conv(4, 3).Relu(name: "relu")), "a convolution of more than a pixel");
    }

    [TestMethod]
    public void The_classifier_is_found_behind_dropout_and_where_it_is_a_product_with_constants()
    {
        Assert.AreEqual("f", Layer(Network.Input(8, 8, 3).Conv(4, 3, name: "f").Dropout().Conv(9, 1).Relu().GlobalAvgPool().Softmax()));
        SymbolicTensor x = Network.Input(8, 8, 3).Conv(4, 3).GlobalAvgPool(name: "f");
        SymbolicTensor logits = x.Apply(new MatMul(), [x.Constant([4, 9], isTrainable: true)]).Apply(new Add(), [x.Constant([9], isTrainable: true)]);
        Assert.AreEqual("f", Layer(logits.Softmax()));
        SymbolicTensor powers = logits.Exp();
        Assert.AreEqual("f", Layer(powers.Apply(new Divide(), [powers.Apply(new Reduce(ReduceFunction.Sum, [0]))])), "a softmax in parts");
        Assert.AreEqual("flat", Layer(Network.Input(8, 8, 1).Flatten(name: "flat").Dense(3)));
        Assert.IsNull(Layer(Network.Input([5]).Dense(3).Softmax()), "a classifier that reads the input");
    }

    [TestMethod]
    public void The_same_layers_work_on_images_of_another_size()
    {
        Network squeezeNet = Architecture.Get("squeezenet").Create();
        Network features = squeezeNet.Truncate(squeezeNet.FeatureLayer!);
        Assert.AreEqual("13x13x512", features.OutputShape.ToString());
        Network smaller = features.WithInput([128, 128, 3]);
        Assert.AreEqual("7x7x512", smaller.OutputShape.ToString());
        using Weights weights = Weights.Initialize(squeezeNet, 1);
        using Weights copied = weights.CopyFor(smaller);
        Assert.AreEqual(weights["features.0.weight"].Span[5], copied["features.0.weight"].Span[5]);
    }

    [TestMethod]
    public void Weights_that_depend_on_the_size_are_refused_by_name()
    {
        Network network = Network.Input(8, 8, 1).Conv(2, 3).Flatten().Dense(4, name: "neck").Relu(name: "features").Dense(3).Softmax();
        using Weights weights = Weights.Initialize(network, 1);
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => weights.CopyFor(network.Truncate("features").WithInput([10, 10, 1])));
        StringAssert.Contains(error.Message, "\"neck.weight\" of 128x4, which here is of 72x4");
    }

    [TestMethod]
    public void A_new_head_gives_probabilities_of_the_features_and_its_name_is_free()
    {
        Network network = Network.Input(8, 8, 1).Conv(2, 3, name: "head").Relu(name: "features").GlobalAvgPool().Dense(9).Softmax();
        Network tuned = network.Truncate("features").WithHead(4);
        Assert.AreEqual("4", tuned.OutputShape.ToString());
        Assert.AreEqual("2x4", tuned.Parameters.Single(parameter => parameter.Name == "head2.weight").Shape.ToString());
        Assert.AreEqual(OutputKind.Probabilities, OutputAnalysis.Of(tuned));
        Network flat = Network.Input([5]).Dense(7).Relu();
        Assert.AreEqual("7x3", flat.WithHead(3).Parameters.Single(parameter => parameter.Name == "head.weight").Shape.ToString());
    }

    [TestMethod]
    public void Matching_parameters_are_taken_over_and_others_stay()
    {
        Network trained = Network.Input(8, 8, 1).Conv(2, 3, name: "body").GlobalAvgPool().Dense(9, name: "fc");
        Network other = Network.Input(8, 8, 1).Conv(2, 3, name: "body").GlobalAvgPool().Dense(4, name: "fc");
        using Weights from = Weights.Initialize(trained, 1);
        using Weights to = Weights.Initialize(other, 2);
        float[] before = to["fc.weight"].ToArray();
        CollectionAssert.AreEqual((string[])["body.weight", "body.bias"], to.CopyMatching(from).ToArray());
        CollectionAssert.AreEqual(from["body.weight"].ToArray(), to["body.weight"].ToArray());
        CollectionAssert.AreEqual(before, to["fc.weight"].ToArray());
    }

    private static string? Layer(Network network) => network.FeatureLayer;

    private static string Names(Network network) => string.Join(' ', network.Nodes.Select(node => node.Name));

    private static Weights TestWeights(Network network) => Weights.Initialize(network, 7);

    private static float[] At(Network network, Weights weights, string layer, float[] inputs)
    {
        int node = network.Nodes.Select(present => present.Name).ToList().IndexOf(layer);
        using InferenceModel model = new(network, weights, 1, null, node);
        float[] outputs = new float[Batch * network.Nodes[node].OutputShape.ElementCount];
        model.Predict(inputs, Batch, outputs);
        return outputs;
    }

    /// <summary>Layers that several others read, a branch beside, and an auxiliary output.</summary>
    private static Network Branched()
    {
        SymbolicTensor stem = Network.Input(9, 9, 2).Conv(4, 3, padding: 1, name: "stem");
        SymbolicTensor sum = stem.Conv(4, 3, padding: 1, name: "left").Apply(new Add(), [stem.Conv(4, 1, name: "right")], "sum");
        SymbolicTensor auxiliary = sum.GlobalAvgPool(name: "auxiliary.pool").Dense(3, name: "auxiliary");
        SymbolicTensor joined = sum.Apply(new Concat(), [stem.Conv(3, 1, name: "side")], "joined");
        return joined.GlobalAvgPool(name: "pool").Dense(3, name: "classes").ToNetwork("branched", [(auxiliary, 0.3f)]);
    }
}
