using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Export;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>
/// A softmax is put behind logits only. Expected scores: ONNX Runtime's, on the model as it stands, where it gives probabilities.
/// </summary>
[TestClass]
public sealed class OutputKindTests
{
    private static readonly Dictionary<string, NodeProto[]> Probabilities = new()
    {
        ["softmax"] = [Graphs.Node("Softmax", ["z"], "y")],
        ["softmax written out"] =
        [
            Graphs.Node("ReduceMax", ["z"], "m", ExportGraph.Attribute("axes", [1])), Graphs.Node("Sub", ["z", "m"], "d"),
            Graphs.Node("Exp", ["d"], "e"), Graphs.Node("ReduceSum", ["e", "one"], "s"), Graphs.Node("Div", ["e", "s"], "y"),
        ],
        ["softmax with the sum's logarithm"] =
        [
            Graphs.Node("Exp", ["z"], "e"), Graphs.Node("ReduceSum", ["e", "one"], "s"), Graphs.Node("Log", ["s"], "l"),
            Graphs.Node("Sub", ["z", "l"], "d"), Graphs.Node("Exp", ["d"], "y"),
        ],
        ["softmax with ReduceLogSumExp"] =
        [
            Graphs.Node("ReduceLogSumExp", ["z"], "l", ExportGraph.Attribute("axes", [1])), Graphs.Node("Sub", ["z", "l"], "d"),
            Graphs.Node("Exp", ["d"], "y"),
        ],
        ["softmax with ReduceLogSum"] =
        [
            Graphs.Node("Exp", ["z"], "e"), Graphs.Node("ReduceLogSum", ["e"], "l", ExportGraph.Attribute("axes", [1])),
            Graphs.Node("Sub", ["z", "l"], "d"), Graphs.Node("Exp", ["d"], "y"),
        ],
        ["exponentials of LogSoftmax in percent"] =
        [
            Graphs.Node("LogSoftmax", ["z"], "l"), Graphs.Node("Exp", ["l"], "p"), Graphs.Node("Mul", ["p", "hundred"], "y"),
        ],
        ["softmax, clipped"] = [Graphs.Node("Softmax", ["z"], "p"), Graphs.Node("Clip", ["p", "low", "high"], "y")],
        ["softmax, dropout"] = [Graphs.Node("Softmax", ["z"], "p"), Graphs.Node("Dropout", ["p"], "y")],
        ["softmax in percent"] = [Graphs.Node("Softmax", ["z"], "p"), Graphs.Node("Mul", ["p", "hundred"], "y")],
        ["mean of two"] =
        [
            Graphs.Node("Softmax", ["z"], "p"), Graphs.Node("Neg", ["z"], "n"), Graphs.Node("Softmax", ["n"], "q"),
            Graphs.Node("Mean", ["p", "q"], "y"),
        ],
        ["sigmoids"] = [Graphs.Node("Sigmoid", ["z"], "y")],
    };

    public static IEnumerable<object[]> Names => Probabilities.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_model_that_gives_probabilities_gets_no_softmax(string name)
    {
        ModelProto model = Model(Probabilities[name]);
        using OnnxNetwork network = model.Read().Import(new OnnxImportOptions { AddsSoftmax = true });
        OnnxTensor input = new([1, 6], ExportedNetworks.RandomNumbers(6, 3));

        Assert.IsFalse(network.AddedSoftmax);
        OnnxComparison comparison = OnnxComparison.Of(network.Run(input), OnnxRuntimePeer.Score(model, input), 1e-5, 1e-6);
        Assert.IsTrue(comparison.IsWithinTolerance, comparison.ToString());
    }

    [TestMethod]
    [DataRow("ReduceLogSum", 1)]
    [DataRow("ReduceLogSum", 0)]
    [DataRow("ReduceLogSumExp", 1)]
    [DataRow("ReduceLogSumExp", 0)]
    public void Logarithms_of_sums_are_ONNX_Runtimes(string operation, int keepsDimensions)
    {
        ModelProto model = Graphs.Model([2, 3, 4, 5], "y", Graphs.Node("Abs", ["x"], "a"), Graphs.Node("Mul", ["a", "hundred"], "m"),
            Graphs.Node(operation, ["m"], "y", ExportGraph.Attribute("axes", [1, 3]), ExportGraph.Attribute("keepdims", keepsDimensions)))
            .WithFloats("hundred", [], 100);
        using OnnxNetwork network = model.Read().Import();
        OnnxTensor input = new([2, 3, 4, 5], ExportedNetworks.RandomNumbers(120, 7));

        OnnxComparison comparison = OnnxComparison.Of(network.Run(input), OnnxRuntimePeer.Score(model, input), 1e-5, 1e-6);
        Assert.IsTrue(comparison.IsWithinTolerance, comparison.ToString());
    }

    [TestMethod]
    public void Logits_get_a_softmax_where_it_is_asked_for()
    {
        OnnxModel model = Model(Graphs.Node("Identity", ["z"], "y")).Read();
        using OnnxNetwork plain = model.Import();
        using OnnxNetwork network = model.Import(new OnnxImportOptions { AddsSoftmax = true });
        OnnxTensor input = new([1, 6], ExportedNetworks.RandomNumbers(6, 3));

        Assert.IsTrue(network.AddedSoftmax);
        Assert.IsFalse(plain.AddedSoftmax);
        double[] exponentials = [.. plain.Run(input).ToArray().Select(logit => Math.Exp(logit))];
        float[] scores = network.Run(input).ToArray();
        for (int i = 0; i < scores.Length; i++)
        {
            Assert.AreEqual(exponentials[i] / exponentials.Sum(), scores[i], 1e-6);
        }
    }

    [TestMethod]
    [DataRow(OutputKind.Probabilities, "Identity", false)]
    [DataRow(OutputKind.Logits, "Sigmoid", true)]
    public void What_the_user_says_of_the_outputs_goes_before_what_is_found_out(OutputKind said, string end, bool isAdded)
    {
        using OnnxNetwork network = Model(Graphs.Node(end, ["z"], "y")).Read()
            .Import(new OnnxImportOptions { AddsSoftmax = true, Outputs = said });

        Assert.AreEqual(isAdded, network.AddedSoftmax);
        Assert.AreEqual(isAdded, network.Network.Nodes[^1].Layer is Softmax);
    }

    private static ModelProto Model(params NodeProto[] end) =>
        Graphs.Model([-1, 6], "y", [Graphs.Node("MatMul", ["x", "w"], "z"), .. end])
            .WithFloats("w", [6, 4], ExportedNetworks.RandomNumbers(24, 5))
            .WithFloats("low", [], 1e-7f).WithFloats("high", [], 0.9999999f).WithFloats("hundred", [], 100).WithIntegers("one", 1);
}
