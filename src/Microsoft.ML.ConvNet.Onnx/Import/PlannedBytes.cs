using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>The memory that a network takes for one sample, by its shapes: no plan is made for a network that is too large to run.</summary>
internal static class PlannedBytes
{
    /// <summary>
    /// The most bytes that the outputs of layers take at once, each from the layer that gives it to the last that reads it. A plan
    /// takes about as much: less where layers are fused or write over their input.
    /// </summary>
    public static long Of(Network network)
    {
        int count = network.Nodes.Count;
        int[] lastReader = new int[count];
        long[] freed = new long[count];
        for (int i = 0; i < count; i++)
        {
            lastReader[i] = i;
            foreach (int input in network.Nodes[i].Inputs.Where(input => input >= 0))
            {
                lastReader[input] = i;
            }
        }

        for (int i = 0; i < count; i++)
        {
            freed[lastReader[i]] += Bytes(network.Nodes[i]);
        }

        long now = (long)network.InputShape.ElementCount * sizeof(float);
        long most = now;
        for (int i = 0; i < count; i++)
        {
            now += Bytes(network.Nodes[i]);
            most = Math.Max(most, now);
            now -= freed[i];
        }

        return most;
    }

    /// <summary>Constants are weights; another shape of the same memory takes none.</summary>
    private static long Bytes(NetworkNode node) =>
        node.Layer is Constant or Reshape or Flatten or Dropout ? 0 : (long)node.OutputShape.ElementCount * sizeof(float);
}
