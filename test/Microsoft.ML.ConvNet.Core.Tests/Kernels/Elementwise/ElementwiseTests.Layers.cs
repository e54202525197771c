using Microsoft.ML.ConvNet.Core.Tests.Layers;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Elementwise;

/// <content>The function of every layer that is one of each element, by the formula that its layer contract has.</content>
public sealed unsafe partial class ElementwiseTests
{
    private static readonly Dictionary<string, ActivationLayer> FunctionLayers = LayerRegistrations.All
        .SelectMany(registration => registration.Cases)
        .Select(tried => tried.Layer)
        .OfType<ActivationLayer>()
        .Distinct()
        .ToDictionary(layer => layer.ToString());

    public static IEnumerable<object[]> FunctionLayerNames => FunctionLayers.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(FunctionLayerNames))]
    public void A_layers_function_and_its_gradient_follow_the_formula_at_every_length(string name)
    {
        ActivationLayer layer = FunctionLayers[name];
        ActivationLayerOracle oracle = (ActivationLayerOracle)LayerRegistrations.OracleOf(layer);
        float least = double.IsNaN(oracle.Function(-1)) ? 0.1f : -9f;
        Check(layer.Function, oracle.Function, oracle.Derivative, absolute: 2e-7, least);
    }

    [TestMethod]
    [DynamicData(nameof(FunctionLayerNames))]
    public void A_layers_function_of_what_is_no_number_is_none(string name)
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        using GuardedFloats x = new([float.NaN]);
        FunctionLayers[name].Function.Forward(gang, x.Pointer, x.Pointer, 1);
        Assert.IsTrue(float.IsNaN(x.Values[0]), name);
    }
}
