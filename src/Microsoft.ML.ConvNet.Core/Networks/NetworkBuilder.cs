using System.Globalization;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>Collects nodes, gives them names and checks them, for the fluent vocabulary and for definitions read from files.</summary>
internal sealed class NetworkBuilder(Shape inputShape, bool strict)
{
    /// <summary>The most nodes that a network may have.</summary>
    public const int MaximumNodes = 10_000;

    private readonly List<NetworkNode> _nodes = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>The shape of the network's input, without the batch.</summary>
    public Shape InputShape => inputShape;

    /// <summary>Whether windows must tile their input evenly.</summary>
    public bool Strict => strict;

    /// <summary>The nodes so far.</summary>
    public IReadOnlyList<NetworkNode> Nodes => _nodes;

    /// <summary>The shape of a node's output, or for -1 of the network's input.</summary>
    public Shape ShapeOf(int node) => node < 0 ? inputShape : _nodes[node].OutputShape;

    /// <summary>Adds a node and returns its number.</summary>
    /// <exception cref="NetworkDefinitionException">The layer cannot work on these inputs, or the name is taken.</exception>
    public int Add(Layer layer, IReadOnlyList<int> inputs, string? name)
    {
        ArgumentNullException.ThrowIfNull(layer);
        name ??= NextName(layer.NamePrefix);
        if (_nodes.Count == MaximumNodes)
        {
            throw new NetworkDefinitionException($"A network has at most {MaximumNodes:N0} layers. Received: one more, \"{name}\".");
        }

        if (name.Length == 0 || name.Any(character => char.IsControl(character)))
        {
            throw new NetworkDefinitionException($"A layer's name is not empty and has no control characters. Received: \"{name}\".");
        }

        if (_names.Contains(name) || name == "input")
        {
            throw new NetworkDefinitionException(
                name == "input"
                    ? $"{layer.Kind}: \"input\" names the network's input. Received: a layer of that name."
                    : $"{layer.Kind} \"{name}\": another layer has this name already; names are unique.");
        }

        foreach (int input in inputs)
        {
            if (input < -1 || input >= _nodes.Count)
            {
                throw new NetworkDefinitionException(
                    $"{layer.Kind} \"{name}\": reads layers before it. Received: input number {input}, of {_nodes.Count} layers.");
            }
        }

        LayerContext context = new(layer, name, [.. inputs.Select(ShapeOf)], strict);
        if (inputs.Count < layer.MinimumInputs || inputs.Count > layer.MaximumInputs)
        {
            string wanted = layer.MinimumInputs == layer.MaximumInputs
                ? layer.MinimumInputs.ToString(CultureInfo.InvariantCulture)
                : $"at least {layer.MinimumInputs}";
            throw context.Error($"takes {wanted} input{(wanted == "1" ? string.Empty : "s")}. Received: {inputs.Count}.");
        }

        Shape output;
        try
        {
            output = layer.InferShape(context);
            foreach (LayerParameter parameter in layer.Parameters(context.Inputs))
            {
                _ = parameter.Shape.ElementCount;
            }
        }
        catch (ArgumentException exception) when (exception is not NetworkDefinitionException)
        {
            throw context.Error(exception.Message);
        }

        _names.Add(name);
        _nodes.Add(new NetworkNode(name, layer, [.. inputs], output, [.. context.Notes]));
        return _nodes.Count - 1;
    }

    /// <summary>The network that ends in a node: that node and all that it depends on.</summary>
    public Network Build(int output, string? name)
    {
        if (output < 0)
        {
            throw new NetworkDefinitionException("A network has at least one layer. Received: its input only.");
        }

        bool[] used = new bool[_nodes.Count];
        used[output] = true;
        for (int i = output; i >= 0; i--)
        {
            if (used[i])
            {
                foreach (int input in _nodes[i].Inputs.Where(input => input >= 0))
                {
                    used[input] = true;
                }
            }
        }

        if (!Enumerable.Range(0, output + 1).Any(i => used[i] && _nodes[i].Inputs.Contains(-1)))
        {
            throw new NetworkDefinitionException(
                $"A network's output depends on its input. Received: \"{_nodes[output].Name}\", which depends on constants only.");
        }

        int[] numbers = new int[_nodes.Count];
        List<NetworkNode> kept = [];
        for (int i = 0; i <= output; i++)
        {
            if (used[i])
            {
                numbers[i] = kept.Count;
                kept.Add(_nodes[i] with { Inputs = [.. _nodes[i].Inputs.Select(input => input < 0 ? -1 : numbers[input])] });
            }
        }

        return new Network(inputShape, kept, name, strict);
    }

    private string NextName(string prefix)
    {
        int count = _counts.GetValueOrDefault(prefix);
        string name;
        do
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{prefix}{++count}");
        }
        while (_names.Contains(name));
        _counts[prefix] = count;
        return name;
    }
}
