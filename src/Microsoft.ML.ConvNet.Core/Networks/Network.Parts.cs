using Microsoft.ML.ConvNet.Layers;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Networks;

/// <content>Parts of a network, for another one to begin with: transfer learning.</content>
public sealed partial class Network
{
    /// <summary>
    /// The name of the layer whose output are the features of a sample: what the classifier reads, the last layer with weights where nothing but
    /// layers without any stand behind it; dropout between the two is passed over. Where there is no such classifier (the network ends in
    /// a residual block, in batch normalisation, or in a convolution that sees more than a pixel) the network itself gives features, and it is its last
    /// layer. Null where the classifier reads the network's input.
    /// </summary>
    public string? FeatureLayer => ClassifierSearch.FeatureNodeOf(this) is >= 0 and int node ? Nodes[node].Name : null;

    /// <summary>
    /// The network that ends in a layer of this one, for the features that it gives: that layer and all that it depends on, under their names, so that
    /// parameters keep theirs (<see cref="Weights.CopyFor"/>). Branches that lead elsewhere, and auxiliary outputs, are left out.
    /// </summary>
    /// <param name="layer">The layer's name.</param>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    /// <exception cref="NetworkDefinitionException">The layer does not depend on the network's input.</exception>
    public Network Truncate(string layer)
    {
        int last = IndexOf(layer);
        NetworkBuilder builder = new(InputShape, IsStrict);
        for (int node = 0; node <= last; node++)
        {
            _ = builder.Add(Nodes[node].Layer, Nodes[node].Inputs, Nodes[node].Name);
        }

        return builder.Build(last, Name is null ? null : $"{Name} to {layer}", []);
    }

    /// <summary>
    /// The same layers for samples of another shape, where they allow it: convolutions and poolings do, fully connected layers behind a flattened
    /// image and shapes that are written down do not. Auxiliary outputs are left out.
    /// </summary>
    /// <param name="inputShape">The shape of a sample, <c>[H, W, C]</c> or <c>[F]</c>.</param>
    /// <exception cref="NetworkDefinitionException">A layer cannot work on what it is given then.</exception>
    public Network WithInput(Tensors.Shape inputShape) =>
        inputShape == InputShape ? this : Input(inputShape, IsStrict).Apply(this).ToNetwork(Name);

    /// <summary>
    /// The network with a new classifier behind it, whose features its outputs are: the mean over the image where they are one, as a vector
    /// where they are of another shape, a fully connected layer and a softmax. Auxiliary outputs are left out.
    /// </summary>
    /// <param name="classes">The number of classes.</param>
    /// <param name="name">The name of the fully connected layer; a number is put behind it where a layer has it already.</param>
    /// <param name="dropout">The share of the features that training leaves out at random; none where not given.</param>
    /// <exception cref="NetworkDefinitionException">There is no class, or the rate of the dropout is not from 0 to less than 1.</exception>
    /// <example>
    /// <code>
    /// Network tuned = network.Truncate(network.FeatureLayer!).WithHead(5);
    /// using Weights weights = Weights.Initialize(tuned, seed: 1);
    /// weights.CopyMatching(trained);
    /// </code>
    /// </example>
    public Network WithHead(int classes, string name = "head", float dropout = 0)
    {
        SymbolicTensor features = Input(InputShape, IsStrict).Apply(this).ToVector();
        return (dropout == 0 ? features : features.Dropout(dropout))
            .Dense(classes, initialization: Initialization.GlorotUniform, name: NewName(name))
            .Softmax()
            .ToNetwork(Name);
    }

    /// <summary>The network with the mean over the image behind it where its outputs are an image, and these as a vector in any other shape.</summary>
    public Network WithVectorOutput() =>
        OutputShape.Rank == 1 ? this : Input(InputShape, IsStrict).Apply(this).ToVector().ToNetwork(Name);

    /// <summary>
    /// The names of a layer and of all that it depends on, in the order of the layers: what <c>TrainingOptions.FrozenLayers</c> takes to freeze a
    /// network up to a depth.
    /// </summary>
    /// <param name="layer">The layer's name.</param>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public IReadOnlyList<string> LayersUpTo(string layer)
    {
        bool[] needed = NeededBy(IndexOf(layer));
        return [.. Nodes.Where((_, node) => needed[node]).Select(node => node.Name)];
    }

    /// <summary>The position of a layer in <see cref="Nodes"/>.</summary>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    internal int IndexOf(string layer)
    {
        ArgumentException.ThrowIfNullOrEmpty(layer);
        for (int node = 0; node < Nodes.Count; node++)
        {
            if (Nodes[node].Name == layer)
            {
                return node;
            }
        }

        throw new ArgumentException(
            $"A layer of the network is one of {string.Join(", ", Nodes.Select(node => node.Name).Take(20))}"
            + (Nodes.Count > 20 ? Invariant($", ... ({Nodes.Count} in all)") : string.Empty) + $". Received: \"{layer}\".",
            nameof(layer));
    }

    /// <summary>Which nodes a node depends on, itself among them.</summary>
    internal bool[] NeededBy(int last)
    {
        bool[] needed = new bool[Nodes.Count];
        needed[last] = true;
        for (int node = last; node >= 0; node--)
        {
            foreach (int input in needed[node] ? Nodes[node].Inputs : [])
            {
                if (input >= 0)
                {
                    needed[input] = true;
                }
            }
        }

        return needed;
    }

    private string NewName(string name)
    {
        HashSet<string> taken = [.. Nodes.Select(node => node.Name), "input"];
        string free = name;
        for (int number = 2; taken.Contains(free); number++)
        {
            free = Invariant($"{name}{number}");
        }

        return free;
    }
}
