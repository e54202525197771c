using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

/// <summary>Every architecture on the smallest images that it takes, at a fraction of its width, so that all of them are quick.</summary>
internal static class ZooScores
{
    /// <summary>The width.</summary>
    public const double Width = 1.0 / 8;

    /// <summary>The classes.</summary>
    public const int Classes = 5;

    /// <summary>The images of a batch.</summary>
    public const int Batch = 2;

    // What a block adds to the path around it counts a tenth: untrained normalisation does not keep a thousand additions small.
    private const float ResidualShare = 0.1f;

    /// <summary>The network.</summary>
    public static Network Small(Architecture architecture) => architecture.Create(architecture.MinimumInput, Classes, Width);

    /// <summary>The scores of all architectures for a batch of images each.</summary>
    public static IEnumerable<float> OfAll() => Architecture.All.SelectMany(Of);

    /// <summary>The scores of an architecture for a batch of images, before the softmax, which would hide how they differ.</summary>
    public static float[] Of(Architecture architecture)
    {
        Network network = WithoutSoftmax(Small(architecture));
        using Weights weights = WeightsOf(network);
        float[] images = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 7);
        return EngineRun.Predict(network, weights, images, Batch, threads: 2);
    }

    private static Weights WeightsOf(Network network)
    {
        Weights weights = Weights.Initialize(network, seed: 3);
        foreach (NetworkNode addition in network.Nodes.Where(node => node.Layer is Add))
        {
            // The block's branch comes first; the path around it second.
            NetworkNode branch = network.Nodes[addition.Inputs[0]];
            while (branch.Layer is BatchNorm or Scale)
            {
                branch = network.Nodes[branch.Inputs[0]];
            }

            if (branch.Layer is Conv2D)
            {
                foreach (ref float weight in weights[$"{branch.Name}.weight"].Span)
                {
                    weight *= ResidualShare;
                }
            }
        }

        return weights;
    }

    private static Network WithoutSoftmax(Network network)
    {
        SymbolicTensor input = Network.Input(network.InputShape);
        List<SymbolicTensor> tensors = [];
        foreach (NetworkNode node in network.Nodes.SkipLast(1))
        {
            SymbolicTensor[] inputs = [.. node.Inputs.Select(number => number < 0 ? input : tensors[number])];
            tensors.Add(inputs[0].Apply(node.Layer, inputs[1..], node.Name));
        }

        return tensors[network.Nodes[^1].Inputs[0]];
    }
}
