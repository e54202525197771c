using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>Weights in which every parameter matters: no bias is zero, no scale is one, and running statistics are not those of the start.</summary>
internal static class TestWeights
{
    /// <summary>Makes such weights; equal seeds give equal ones.</summary>
    public static Weights Create(Network network, ulong seed = 1)
    {
        Weights weights = new(network);
        for (int i = 0; i < network.Parameters.Count; i++)
        {
            NetworkParameter parameter = network.Parameters[i];
            LayerParameter definition = parameter.Definition;
            double scale = definition.Decays ? Math.Sqrt(2.0 / definition.FanIn) : 0.3;
            float[] numbers = DistinctNumbers.Create(parameter.Shape.ElementCount, seed + ((ulong)i << 32), scale);
            for (int k = 0; k < numbers.Length; k++)
            {
                // What begins with one, such as a scale or a variance, stays near one.
                weights[parameter.Name].Span[k] = definition.Initialization == Initialization.Ones ? 1 + numbers[k] : numbers[k];
            }
        }

        return weights;
    }
}
