using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;

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
    public void Every_layer_can_be_exported_and_has_a_case()
    {
        Type[] kinds = [.. typeof(Layer).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(attribute => attribute.DerivedType)];

        CollectionAssert.AreEquivalent(kinds, LayerExports.Kinds.ToArray());
        CollectionAssert.IsSubsetOf(kinds,
            LayerNetworks.All.SelectMany(item => item.Network.Nodes).Select(node => node.Layer.GetType()).Distinct().ToArray());
    }
}
