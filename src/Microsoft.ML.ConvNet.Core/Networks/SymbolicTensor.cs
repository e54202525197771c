using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>
/// What flows between the layers of a network that is being written: it has a shape and no numbers. Each verb adds a layer and returns
/// what that layer gives; what a tensor was used for before does not change it, so branches start where they are written.
/// It converts to the <see cref="Network"/> that ends in it.
/// </summary>
public sealed partial class SymbolicTensor
{
    private readonly NetworkBuilder _builder;
    private readonly int _node;

    internal SymbolicTensor(NetworkBuilder builder, int node)
    {
        _builder = builder;
        _node = node;
    }

    /// <summary>The shape without the batch: <c>[H, W, C]</c> or <c>[F]</c>.</summary>
    public Shape Shape => _builder.ShapeOf(_node);

    /// <summary>The network that ends in a tensor.</summary>
    public static implicit operator Network(SymbolicTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.ToNetwork();
    }

    /// <summary>The network that ends in this tensor.</summary>
    /// <param name="name">What it is called.</param>
    /// <exception cref="NetworkDefinitionException">No layer was added to the input.</exception>
    public Network ToNetwork(string? name = null) => _builder.Build(_node, name, []);

    /// <summary>
    /// The network that ends in this tensor and has further outputs for training, as those that lead gradients into the middle of deep
    /// networks (Szegedy et al., "Going deeper with convolutions", 2015).
    /// </summary>
    /// <param name="name">What it is called.</param>
    /// <param name="auxiliary">Tensors of as many elements as this one, and what the loss of each counts beside this one's.</param>
    /// <exception cref="NetworkDefinitionException">
    /// An auxiliary output has another number of elements, is read by a layer, or belongs to another network; or a weight is not positive.
    /// </exception>
    public Network ToNetwork(string? name, IEnumerable<(SymbolicTensor Output, float Weight)> auxiliary)
    {
        ArgumentNullException.ThrowIfNull(auxiliary);
        List<AuxiliaryOutput> outputs = [];
        foreach ((SymbolicTensor output, float weight) in auxiliary)
        {
            ArgumentNullException.ThrowIfNull(output, nameof(auxiliary));
            if (output._builder != _builder)
            {
                throw new NetworkDefinitionException(
                    $"An auxiliary output comes from the same Network.Input. Received: a tensor of another network, {output.Shape}.");
            }

            outputs.Add(new AuxiliaryOutput(output._node, weight));
        }

        return _builder.Build(_node, name, outputs);
    }

    /// <summary>Applies a layer.</summary>
    /// <param name="layer">Its hyperparameters.</param>
    /// <param name="name">Its name; where none is given, its kind and a number.</param>
    /// <exception cref="NetworkDefinitionException">The layer cannot work on this shape, or the name is taken.</exception>
    public SymbolicTensor Apply(Layer layer, string? name = null) => new(_builder, _builder.Add(layer, [_node], name));

    /// <summary>Applies a layer to this tensor and others of the same network.</summary>
    /// <exception cref="NetworkDefinitionException">
    /// The layer cannot work on these shapes, the name is taken, or a tensor belongs to another network.
    /// </exception>
    public SymbolicTensor Apply(Layer layer, IEnumerable<SymbolicTensor> others, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(others);
        List<int> inputs = [_node];
        foreach (SymbolicTensor other in others)
        {
            ArgumentNullException.ThrowIfNull(other, nameof(others));
            if (other._builder != _builder)
            {
                throw new NetworkDefinitionException(
                    $"{layer.Kind}: all inputs come from the same Network.Input. Received: a tensor of another network, {other.Shape}.");
            }

            inputs.Add(other._node);
        }

        return new SymbolicTensor(_builder, _builder.Add(layer, inputs, name));
    }

    /// <summary>
    /// Applies all layers of a network, under their names: its parameters are named as there, so that its weights fit
    /// (<see cref="Weights.CopyMatching"/>). What only its auxiliary outputs need is left out.
    /// </summary>
    /// <param name="network">The network; the shape of its input need not be this tensor's, where its layers allow another.</param>
    /// <exception cref="NetworkDefinitionException">A layer cannot work on such a shape, or its name is taken.</exception>
    public SymbolicTensor Apply(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        bool[] needed = network.NeededBy(network.Nodes.Count - 1);
        int[] numbers = new int[network.Nodes.Count];
        for (int node = 0; node < numbers.Length; node++)
        {
            if (needed[node])
            {
                NetworkNode present = network.Nodes[node];
                numbers[node] = _builder.Add(
                    present.Layer, [.. present.Inputs.Select(input => input < 0 ? _node : numbers[input])], present.Name);
            }
        }

        return new SymbolicTensor(_builder, numbers[^1]);
    }

    /// <summary>The mean over the image where this is one; else the same numbers as a vector.</summary>
    internal SymbolicTensor ToVector() => Shape.Rank == 1 ? this : Shape.IsImage ? GlobalAvgPool() : Flatten();

    /// <summary>The shape, for debuggers.</summary>
    public override string ToString() => $"SymbolicTensor {Shape}";
}
