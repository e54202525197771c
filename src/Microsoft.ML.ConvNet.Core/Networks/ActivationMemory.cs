using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>The memory that a network's activations take for one sample, by its shapes: no plan is made of a network that is too large to run.</summary>
internal static class ActivationMemory
{
    /// <summary>
    /// The most bytes that the outputs of layers take at once, and the layer at which they do. Each is held from the layer that gives it to
    /// the last that reads it, in another shape, too. A plan takes about as much: less where layers are fused or write over their input.
    /// </summary>
    public static (long Bytes, NetworkNode Layer) Most(Network network)
    {
        long[] freed = FreedBehind(network);
        long now = BytesOf(network.InputShape);
        long most = 0;
        int at = 0;
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            now += BytesOf(network.Nodes[i]);
            if (now > most)
            {
                most = now;
                at = i;
            }

            now -= freed[i];
        }

        return (most, network.Nodes[at]);
    }

    /// <summary>The bytes of a tensor of 32-bit floats.</summary>
    public static long BytesOf(Shape shape) => (shape.Rank == 0 ? 1L : shape.ElementCount) * sizeof(float);

    /// <summary>The bytes that nobody reads any more behind each layer.</summary>
    private static long[] FreedBehind(Network network)
    {
        int count = network.Nodes.Count;
        int[] source = new int[count];
        int[] lastReader = new int[count];
        for (int i = 0; i < count; i++)
        {
            NetworkNode node = network.Nodes[i];
            lastReader[i] = i;
            foreach (int input in node.Inputs.Where(input => input >= 0 && source[input] >= 0))
            {
                lastReader[source[input]] = i;
            }

            int first = IsOfSameMemory(node.Layer) ? node.Inputs[0] : i;
            source[i] = first < 0 || first == i ? first : source[first];
        }

        long[] freed = new long[count];
        for (int i = 0; i < count; i++)
        {
            freed[lastReader[i]] += BytesOf(network.Nodes[i]);
        }

        return freed;
    }

    /// <summary>Constants are weights; another shape of the same memory takes none.</summary>
    private static long BytesOf(NetworkNode node) => node.Layer is Constant || IsOfSameMemory(node.Layer) ? 0 : BytesOf(node.OutputShape);

    private static bool IsOfSameMemory(Layer layer) => layer is Reshape or Flatten or Dropout;
}
