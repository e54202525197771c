using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>
/// A temporary folder through which a work and its results pass between the engine and the peer: a description in JSON, and numbers as
/// raw 32-bit floats, tensors one behind the other in the order of the network's parameters.
/// </summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convnet-peers-");

    /// <summary>Writes a work.</summary>
    public WorkFolder(PeerWork work, Network network, Weights weights, float[] images, int[] labels)
    {
        File.WriteAllText(PathOf("work.json"), JsonSerializer.Serialize(new
        {
            network = network.Name,
            batch = work.Batch,
            training = work.IsTraining,
            input = Dimensions(network.InputShape),
            classes = network.OutputShape.ElementCount,
            learningRate = PeerWork.LearningRate,
            momentum = PeerWork.Momentum,
            parameters = network.Parameters.Select(parameter => new
            {
                name = parameter.Name,
                shape = Dimensions(parameter.Shape),
                flattened = FlattenedBefore(network, parameter),
            }),
        }));
        using (FileStream file = File.Create(PathOf("weights.bin")))
        {
            foreach (string name in weights.Names)
            {
                file.Write(MemoryMarshal.AsBytes(weights[name].Span));
            }
        }

        File.WriteAllBytes(PathOf("input.bin"), MemoryMarshal.AsBytes(images.AsSpan()));
        File.WriteAllBytes(PathOf("labels.bin"), MemoryMarshal.AsBytes(labels.AsSpan()));
    }

    /// <summary>Where it is.</summary>
    public string Path => _folder.FullName;

    /// <summary>Reads what the peer wrote.</summary>
    public float[] Read(string name) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(PathOf(name))).ToArray();

    /// <summary>Deletes it with all that is in it.</summary>
    public void Dispose() => _folder.Delete(recursive: true);

    private static int[] Dimensions(Shape shape) => [.. shape];

    /// <summary>
    /// The image whose pixels a dense layer reads as a vector: a peer with another layout has the weight's rows in another order.
    /// </summary>
    private static int[]? FlattenedBefore(Network network, NetworkParameter parameter)
    {
        if (network.Nodes[parameter.Node].Layer is not Dense)
        {
            return null;
        }

        int node = network.Nodes[parameter.Node].Inputs[0];
        while (node >= 0 && network.Nodes[node].Layer is Dropout)
        {
            node = network.Nodes[node].Inputs[0];
        }

        return node >= 0 && network.Nodes[node].Layer is Flatten ? Dimensions(network.InputShapesOf(node)[0]) : null;
    }

    private string PathOf(string name) => System.IO.Path.Combine(Path, name);
}
