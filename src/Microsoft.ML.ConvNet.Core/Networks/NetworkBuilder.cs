using System.Globalization;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

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
            throw new NetworkDefinitionException(Invariant($"A network has at most {MaximumNodes:N0} layers. Received: one more, \"{name}\"."));
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
                    Invariant($"{layer.Kind} \"{name}\": reads layers before it. Received: input number {input}, of {_nodes.Count} layers."));
            }
        }

        Shape[] shapes = new Shape[inputs.Count];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = ShapeOf(inputs[i]);
        }

        LayerContext context = new(layer, name, shapes, strict);
        if (inputs.Count < layer.MinimumInputs || inputs.Count > layer.MaximumInputs)
        {
            string wanted = (layer.MinimumInputs == layer.MaximumInputs ? string.Empty : inputs.Count < layer.MinimumInputs ? "at least " : "at most ")
                + Math.Clamp(inputs.Count, layer.MinimumInputs, layer.MaximumInputs).ToString(CultureInfo.InvariantCulture);
            throw context.Error(Invariant($"takes {wanted} input{(wanted == "1" ? string.Empty : "s")}. Received: {inputs.Count}."));
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

    /// <summary>The network that ends in a node: that node, the auxiliary outputs, and all that these depend on.</summary>
    /// <exception cref="NetworkDefinitionException">There is no layer, or an auxiliary output cannot be one.</exception>
    public Network Build(int output, string? name, IReadOnlyList<AuxiliaryOutput> auxiliaryOutputs)
    {
        if (output < 0)
        {
            throw new NetworkDefinitionException("A network has at least one layer. Received: its input only.");
        }

        List<int> order = NodesOf(output, auxiliaryOutputs, out bool isRead);
        if (!order.Any(node => _nodes[node].Inputs.Contains(-1)))
        {
            throw new NetworkDefinitionException(
                $"A network's output depends on its input. Received: \"{_nodes[output].Name}\", which depends on constants only.");
        }

        CheckAuxiliaryOutputs(output, order, auxiliaryOutputs, isRead);
        Dictionary<int, int> numbers = new() { [-1] = -1 };
        foreach (int node in order)
        {
            numbers.Add(node, numbers.Count - 1);
        }

        return new Network(
            inputShape,
            [.. order.Select(node => _nodes[node] with { Inputs = [.. _nodes[node].Inputs.Select(input => numbers[input])] })],
            name,
            strict,
            [.. auxiliaryOutputs.Select(auxiliary => auxiliary with { Node = numbers[auxiliary.Node] })]);
    }

    // The nodes of the network, in order, its own output behind them; also whether another node of the network reads that one.
    private List<int> NodesOf(int output, IReadOnlyList<AuxiliaryOutput> auxiliaryOutputs, out bool isRead)
    {
        bool[] used = new bool[_nodes.Count];
        foreach (AuxiliaryOutput auxiliary in auxiliaryOutputs)
        {
            if (auxiliary.Node >= 0)
            {
                used[auxiliary.Node] = true;
            }
        }

        AddAncestors(used);
        isRead = used[output];
        used[output] = true;
        AddAncestors(used);
        List<int> order = [];
        for (int node = 0; node < used.Length; node++)
        {
            if (used[node] && node != output)
            {
                order.Add(node);
            }
        }

        order.Add(output);
        return order;
    }

    // Adds all that the nodes depend on. A node reads earlier ones only, so that one way back through all of them finds everything.
    private void AddAncestors(bool[] nodes)
    {
        for (int node = nodes.Length - 1; node >= 0; node--)
        {
            if (nodes[node])
            {
                foreach (int input in _nodes[node].Inputs)
                {
                    if (input >= 0)
                    {
                        nodes[input] = true;
                    }
                }
            }
        }
    }

    private void CheckAuxiliaryOutputs(int output, List<int> order, IReadOnlyList<AuxiliaryOutput> auxiliaryOutputs, bool outputIsRead)
    {
        if (outputIsRead)
        {
            throw new NetworkDefinitionException(
                $"An auxiliary output does not depend on the network's own. Received: one that reads \"{_nodes[output].Name}\".");
        }

        HashSet<int> read = [.. order.SelectMany(node => _nodes[node].Inputs), output];
        foreach (AuxiliaryOutput auxiliary in auxiliaryOutputs)
        {
            if (!read.Add(auxiliary.Node))
            {
                throw new NetworkDefinitionException(
                    "An auxiliary output is a layer that no other reads, named once. "
                    + $"Received: \"{(auxiliary.Node < 0 ? "input" : _nodes[auxiliary.Node].Name)}\".");
            }

            Shape shape = _nodes[auxiliary.Node].OutputShape;
            if (shape != _nodes[output].OutputShape)
            {
                throw new NetworkDefinitionException(
                    $"An auxiliary output has the shape of the network's own, {_nodes[output].OutputShape}. "
                    + $"Received: \"{_nodes[auxiliary.Node].Name}\" of {shape}.");
            }

            if (!(auxiliary.Weight > 0) || !float.IsFinite(auxiliary.Weight))
            {
                throw new NetworkDefinitionException(FormattableString.Invariant(
                    $"The weight of an auxiliary output's loss is a positive number. Received: {auxiliary.Weight}."));
            }
        }
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
