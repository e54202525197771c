using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Operators;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Export;

/// <summary>Each kind of layer is exported, read back and scores the same.</summary>
[TestClass]
public sealed class RoundTripTests
{
    public static IEnumerable<object[]> Cases => LayerNetworks.All.Select(item => new object[] { item.Name });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_network_that_is_exported_and_imported_scores_the_same(string name)
    {
        Network network = LayerNetworks.All.Single(item => item.Name == name).Network;
        using Weights weights = ExportedNetworks.RandomWeights(network);
        using MemoryStream file = new();
        OnnxExport.Save(network, weights, file);
        file.Position = 0;
        OnnxModel model = OnnxModel.Load(file);
        int batch = model.Inputs[0].Dimensions![0] ?? 2;
        float[] input = ExportedNetworks.RandomNumbers(batch * network.InputShape.ElementCount, 7);
        OnnxTensor expected = ExportedNetworks.Score(network, weights, input, batch, model.Outputs[0]);

        using OnnxNetwork imported = model.Import(
            new OnnxImportOptions { InputDimensions = ExportedNetworks.Dimensions(model.Inputs[0], batch) });
        OnnxTensor actual = imported.Run(ExportedNetworks.ToOnnx(model.Inputs[0], network.InputShape, input, batch));

        CollectionAssert.AreEqual(expected.Dimensions.ToArray(), actual.Dimensions.ToArray());
        OnnxComparison comparison = OnnxComparison.Of(actual, expected, 1e-4, 1e-5);
        Assert.IsTrue(comparison.IsWithinTolerance, comparison.ToString());
    }

    [TestMethod]
    public void Every_layer_has_one_row_and_a_case_unless_ONNX_has_nothing_for_it()
    {
        Type[] expected = [.. LayerNetworks.Kinds.Except(LayerNetworks.NotInOnnx)];

        CollectionAssert.AreEquivalent(
            expected, OperatorRows.All.Select(row => row.Layer).OfType<Type>().ToArray(), "A row in Operators, or a reason in NotInOnnx.");
        CollectionAssert.IsSubsetOf(
            expected, LayerNetworks.All.SelectMany(item => item.Network.Nodes).Select(node => node.Layer.GetType()).Distinct().ToArray());
    }

    [TestMethod]
    public void What_is_written_can_be_read()
    {
        foreach (OperatorRow row in OperatorRows.All)
        {
            Assert.AreNotEqual(0, row.Read.Count, row.Layer?.Name);
            Assert.AreEqual(row.Layer is null, row.Write is null);
        }
    }

    [TestMethod]
    public void A_function_of_one_element_is_read_as_the_layer_that_was_written()
    {
        // ONNX had no SiLU before opset 24, and multiplies by a constant where a layer scales.
        foreach (Layer layer in LayerNetworks.Functions.Where(layer => layer is not (SiLU or Scale)))
        {
            Network network = LayerNetworks.All.Single(item => item.Name == layer.ToString()).Network;
            using Weights weights = ExportedNetworks.RandomWeights(network);
            using MemoryStream file = new();
            OnnxExport.Save(network, weights, file);
            file.Position = 0;
            using OnnxNetwork imported = OnnxModel.Load(file).Import();
            CollectionAssert.AreEqual(FunctionsOf(network), FunctionsOf(imported.Network), layer.ToString());
        }
    }

    private static ActivationLayer[] FunctionsOf(Network network) =>
        [.. network.Nodes.Select(node => node.Layer).OfType<ActivationLayer>()];
}
