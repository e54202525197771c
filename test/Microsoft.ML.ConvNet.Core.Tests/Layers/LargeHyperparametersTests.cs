using System.Reflection;
using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Hyperparameters as a damaged file may have them: too large, too small, or such that their products overflow.</summary>
[TestClass]
public sealed class LargeHyperparametersTests
{
    private static readonly int[] Numbers = [int.MinValue, -1, 0, 46_341, 65_536, int.MaxValue];

    public static IEnumerable<object[]> Kinds => LayerKinds.All.Select(kind => new object[] { kind.Name });

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void A_layer_is_built_or_refused_by_its_name_and_by_nothing_else(string name)
    {
        Layer layer = LayerKinds.All.Single(kind => kind.Name == name).Defaults;
        foreach (PropertyInfo property in layer.GetType().GetProperties().Where(property => property.CanWrite))
        {
            foreach (object value in ValuesOf(property.PropertyType))
            {
                foreach (Shape input in new Shape[] { [4, 4, 2], [40_000, 40_000, 1], [6], [5, 3] })
                {
                    Layer changed = layer with { };
                    property.SetValue(changed, value);
                    Build(changed, input, $"{name}, {property.Name} = {value}, {input}");
                }
            }
        }
    }

    [TestMethod]
    public void Five_thousand_inputs_are_concatenated_and_added()
    {
        SymbolicTensor x = Network.Input(2, 2, 1).Tanh();
        SymbolicTensor[] others = [.. Enumerable.Range(0, 4999).Select(_ => x.Scale(2))];
        foreach (SymbolicTensor joined in new[] { x.Concat(others), x.Add(others) })
        {
            Network network = joined.Flatten();
            using Weights weights = new(network);
            float[] outputs = EngineRun.Predict(network, weights, [1, 1, 1, 1], 1, threads: 1);
            Assert.AreEqual(9999 * Math.Tanh(1) * 4, outputs.Sum(output => (double)output), 5);
        }
    }

    [TestMethod]
    public void Too_many_inputs_are_said_to_be_too_many()
    {
        SymbolicTensor x = Network.Input(2, 2, 1).Tanh();
        NetworkBuilder builder = new([4], strict: false);
        NetworkDefinitionException error =
            Assert.ThrowsExactly<NetworkDefinitionException>(() => builder.Add(new Where(), [-1, -1, -1, -1], "where"));
        StringAssert.Contains(error.Message, "takes 3 inputs. Received: 4.");
    }

    private static void Build(Layer layer, Shape input, string what)
    {
        try
        {
            NetworkBuilder builder = new(input, strict: false);
            builder.Add(layer, [.. Enumerable.Repeat(-1, layer.MinimumInputs)], "layer");
        }
        catch (NetworkDefinitionException)
        {
            // As documented.
        }
        catch (Exception exception)
        {
            Assert.Fail($"{what}: {exception}");
        }
    }

    private static IEnumerable<object> ValuesOf(Type type)
    {
        if (type == typeof(int) || type == typeof(int?))
        {
            return Numbers.Cast<object>();
        }

        if (type == typeof(float))
        {
            return [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -1f, 0f, float.MaxValue, float.Epsilon];
        }

        if (type == typeof(Size2D))
        {
            return from height in Numbers from width in Numbers select (object)new Size2D(height, width);
        }

        if (type == typeof(Padding))
        {
            return from top in Numbers from right in Numbers select (object)new Padding(top, right, 1, 1);
        }

        if (type == typeof(Integers))
        {
            return from first in Numbers from second in Numbers select (object)new Integers(first, second, 1);
        }

        return [];
    }
}
