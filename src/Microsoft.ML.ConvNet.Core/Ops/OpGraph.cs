using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>What a network computes, as ops in an order in which they can run.</summary>
internal sealed class OpGraph
{
    private readonly List<OpValue> _values = [];
    private readonly List<OpNode> _nodes = [];

    /// <summary>Every value.</summary>
    public IReadOnlyList<OpValue> Values => _values;

    /// <summary>The ops, each after those whose results it reads.</summary>
    public IReadOnlyList<OpNode> Nodes => _nodes;

    /// <summary>Adds the network's input.</summary>
    public OpValue AddInput(Shape shape) => AddValue(OpValueKind.Input, shape, "input");

    /// <summary>Adds a parameter.</summary>
    public OpValue AddParameter(Shape shape, string name, int parameterIndex)
    {
        OpValue value = new(_values.Count, OpValueKind.Parameter, shape, name) { ParameterIndex = parameterIndex };
        _values.Add(value);
        return value;
    }

    /// <summary>Adds an op and returns its result.</summary>
    public OpValue Add(Op op, IReadOnlyList<OpValue> inputs, Shape outputShape, string name)
    {
        OpValue output = AddValue(OpValueKind.Activation, outputShape, name);
        _nodes.Add(new OpNode(op, inputs, output, name));
        return output;
    }

    private OpValue AddValue(OpValueKind kind, Shape shape, string name)
    {
        OpValue value = new(_values.Count, kind, shape, name);
        _values.Add(value);
        return value;
    }
}
