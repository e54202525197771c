using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Export;

/// <summary>A layer that is exported: what it reads, its weights, and the graph that it is written into.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Node">The layer at its place.</param>
/// <param name="Inputs">The values that it reads.</param>
/// <param name="Weights">The network's weights.</param>
internal sealed record LayerExport(ExportGraph Graph, NetworkNode Node, IReadOnlyList<ExportValue> Inputs, Weights Weights)
{
    /// <summary>The first input.</summary>
    public ExportValue Input => Inputs[0];

    /// <summary>The first input, with a vector in the order of the network.</summary>
    public ExportValue OrderedInput => Input.Order == ExportOrder.FlattenedChannelsFirst ? Graph.AsIs(Input) : Input;

    /// <summary>The layer's name.</summary>
    public string Name => Node.Name;

    /// <summary>The shape that it gives.</summary>
    public Shape OutputShape => Node.OutputShape;

    /// <summary>One of its parameters.</summary>
    public Tensor Parameter(string name) => Weights[$"{Node.Name}.{name}"];

    /// <summary>Adds a parameter as it is.</summary>
    public string Initializer(string parameter) =>
        Initializer(parameter, Parameter(parameter).ToArray(), [.. Parameter(parameter).Shape]);

    /// <summary>Adds the numbers of a parameter in other dimensions.</summary>
    public string Initializer(string parameter, ReadOnlySpan<float> values, params int[] dimensions) =>
        Graph.Floats($"{Node.Name}.{parameter}", dimensions, values);

    /// <summary>Adds a node under the layer's name, in the order of what it reads.</summary>
    public ExportValue Emit(string operation, ExportOrder order, IEnumerable<string> inputs,
        params IEnumerable<AttributeProto> attributes) =>
        new(Graph.Node(operation, Node.Name, inputs, attributes), OutputShape, order);

    /// <summary>Adds a node that treats every element alike, in whatever order they are.</summary>
    public ExportValue EmitElementwise(string operation, params IEnumerable<AttributeProto> attributes) =>
        Input with { Name = Graph.Node(operation, Node.Name, [Input.Name], attributes), Shape = OutputShape, Constant = null };

    /// <summary>Adds a node that treats every element alike and takes its numbers as further inputs.</summary>
    public ExportValue EmitWithNumbers(string operation, params float[] numbers)
    {
        string[] further = [.. numbers.Select((number, i) => Graph.Scalar($"{Name}.number{i}", number))];
        return Input with { Name = Graph.Node(operation, Name, [Input.Name, .. further]) };
    }

    /// <summary>An axis of a layer, counted from the front.</summary>
    public static int Resolved(int axis, int rank) => axis < 0 ? axis + rank : axis;

    /// <summary>The layer with its type.</summary>
    public T Layer<T>()
        where T : Layer => (T)Node.Layer;
}
