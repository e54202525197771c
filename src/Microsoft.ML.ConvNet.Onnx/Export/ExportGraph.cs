using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Export;

/// <summary>Writes the graph of a model: nodes, the tensors that they read, and the moves between the two orders of axes.</summary>
internal sealed class ExportGraph
{
    private const string InputName = "input";

    private readonly GraphProto _graph;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { InputName };
    private readonly Dictionary<(string Name, ExportOrder Order), ExportValue> _moved = [];

    /// <summary>Begins a graph.</summary>
    /// <param name="name">Its name.</param>
    public ExportGraph(string name) => _graph = new GraphProto { Name = name };

    /// <summary>The graph.</summary>
    public GraphProto Graph => _graph;

    /// <summary>Whether the batch is 1: some operators know no batch.</summary>
    public bool IsOfOneSample { get; init; }

    /// <summary>Adds the network's input; images have their channels first.</summary>
    /// <param name="shape">The shape of the network's input.</param>
    /// <param name="channelsFirst">Whether the innermost dimension comes first.</param>
    public ExportValue AddInput(Shape shape, bool channelsFirst)
    {
        ExportValue input = new(InputName, shape, channelsFirst && shape.Rank > 1 ? ExportOrder.ChannelsFirst : ExportOrder.AsIs);
        _graph.Input.Add(ValueInfo(InputName, DimensionsOf(input)));
        return input;
    }

    /// <summary>Makes a value the graph's output.</summary>
    public void AddOutput(ExportValue value) => _graph.Output.Add(ValueInfo(value.Name, DimensionsOf(value)));

    /// <summary>Adds a node with one output, which has the node's name.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="name">The name that it should have.</param>
    /// <param name="inputs">The names of its inputs; empty for one that is left out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The name of its output.</returns>
    public string Node(string operation, string name, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes)
    {
        string unique = Unique(name);
        NodeProto node = new() { OpType = operation, Name = unique };
        node.Input.AddRange(inputs);
        node.Output.Add(unique);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return unique;
    }

    /// <summary>Adds a tensor of 32-bit floats.</summary>
    public string Floats(string name, IEnumerable<int> dimensions, ReadOnlySpan<float> values)
    {
        TensorProto tensor = NewTensor(name, dimensions.Select(dimension => (long)dimension), OnnxElementType.Float);
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
        return tensor.Name;
    }

    /// <summary>Adds a list of whole numbers.</summary>
    public string Integers(string name, params IEnumerable<int> values)
    {
        long[] numbers = [.. values.Select(value => (long)value)];
        TensorProto tensor = NewTensor(name, [numbers.Length], OnnxElementType.Int64);
        tensor.Int64Data.AddRange(numbers);
        return tensor.Name;
    }

    /// <summary>Adds a number.</summary>
    public string Scalar(string name, float value) => Floats(name, [], MemoryMarshal.CreateReadOnlySpan(ref value, 1));

    /// <summary>A value in the order of the network.</summary>
    public ExportValue AsIs(ExportValue value) => In(value, ExportOrder.AsIs);

    /// <summary>A value with its channels first; a vector has only one order.</summary>
    public ExportValue ChannelsFirst(ExportValue value) => In(value, value.Shape.Rank == 1 ? ExportOrder.AsIs : ExportOrder.ChannelsFirst);

    /// <summary>A value in an order; a constant is written in it, anything else is moved.</summary>
    public ExportValue In(ExportValue value, ExportOrder order)
    {
        if (value.Order == order)
        {
            return value;
        }

        if (_moved.TryGetValue((value.Name, order), out ExportValue? moved))
        {
            return moved;
        }

        moved = value.Constant is not null
            ? ConstantIn(value, order)
            : order == ExportOrder.ChannelsFirst
            ? ToChannelsFirst(value)
            : ToAsIs(value);
        _moved.Add((value.Name, order), moved);
        return moved;
    }

    /// <summary>Adds a constant of the network: equal for all samples, so that its batch is 1.</summary>
    public ExportValue AddConstant(string name, Shape shape, ReadOnlySpan<float> values) =>
        new(Floats(name, [1, .. shape], values), shape, ExportOrder.AsIs) { Constant = values.ToArray() };

    /// <summary>A value that has the batch, where a constant has none.</summary>
    public ExportValue WithBatch(ExportValue value)
    {
        if (value.Constant is null)
        {
            return value;
        }

        string batch = Node("Shape", $"{value.Name}/batch", [InputName], Attribute("start", 0), Attribute("end", 1));
        string dimensions = Node(
            "Concat", $"{value.Name}/dimensions", [batch, Integers($"{value.Name}/shape", DimensionsOf(value).Skip(1))],
                Attribute("axis", 0));
        return value with { Name = Node("Expand", $"{value.Name}/expand", [value.Name, dimensions]), Constant = null };
    }

    /// <summary>Drops the tensors that no node reads: constants that were needed in another order only.</summary>
    public void DropUnread()
    {
        HashSet<string> read = [.. _graph.Node.SelectMany(node => node.Input)];
        TensorProto[] kept = [.. _graph.Initializer.Where(tensor => read.Contains(tensor.Name))];
        _graph.Initializer.Clear();
        _graph.Initializer.AddRange(kept);
    }

    /// <summary>The dimensions of a value in the graph, -1 for the batch.</summary>
    public static int[] DimensionsOf(ExportValue value) => value.Order == ExportOrder.ChannelsFirst
        ? [-1, value.Shape.Channels, .. value.Shape.SkipLast(1)]
        : [-1, .. value.Shape];

    /// <summary>A whole number as an attribute.</summary>
    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>A floating-point number as an attribute.</summary>
    public static AttributeProto Attribute(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    /// <summary>A text as an attribute.</summary>
    public static AttributeProto Attribute(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    /// <summary>Whole numbers as an attribute.</summary>
    public static AttributeProto Attribute(string name, IEnumerable<int> values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values.Select(value => (long)value));
        return attribute;
    }

    /// <summary>A name that nothing has yet: the given one, or that with a number.</summary>
    private string Unique(string name)
    {
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        }

        return unique;
    }

    private ExportValue ConstantIn(ExportValue value, ExportOrder order)
    {
        int[] dimensions = [.. value.Shape];
        int rank = dimensions.Length;
        int[] axes = [rank - 1, .. Enumerable.Range(0, rank - 1)];
        float[] values = StridedPlaces.Transpose<float>(value.Constant, dimensions, axes);
        string name = Floats($"{value.Name}/channels_first", [1, .. axes.Select(axis => dimensions[axis])], values);
        return value with { Name = name, Order = order };
    }

    private ExportValue ToChannelsFirst(ExportValue value)
    {
        int rank = value.Shape.Rank;
        ExportValue source = AsIs(value);
        string name = Node("Transpose", $"{value.Name}/channels_first", [source.Name],
            Attribute("perm", [0, rank, .. Enumerable.Range(1, rank - 1)]));
        return new ExportValue(name, value.Shape, ExportOrder.ChannelsFirst);
    }

    private ExportValue ToAsIs(ExportValue value)
    {
        string source = value.Name;
        Shape shape = value.Shape;
        bool isFlattened = value.Order == ExportOrder.FlattenedChannelsFirst;
        if (isFlattened)
        {
            shape = value.Source;
            source = Node("Reshape", $"{value.Name}/unflatten",
                [source, Integers($"{value.Name}/unflatten/shape", [0, shape.Channels, .. shape.SkipLast(1)])]);
        }

        string name = Node("Transpose", $"{value.Name}/channels_last", [source],
            Attribute("perm", [0, .. Enumerable.Range(2, shape.Rank - 1), 1]));
        return new ExportValue(
            isFlattened ? Node("Flatten", $"{value.Name}/flatten", [name], Attribute("axis", 1)) : name, value.Shape, ExportOrder.AsIs);
    }

    private TensorProto NewTensor(string name, IEnumerable<long> dimensions, OnnxElementType type)
    {
        TensorProto tensor = new() { Name = Unique(name), DataType = (int)type };
        tensor.Dims.AddRange(dimensions);
        _graph.Initializer.Add(tensor);
        return tensor;
    }

    private ValueInfoProto ValueInfo(string name, int[] dimensions)
    {
        TensorShapeProto shape = new();
        foreach (int dimension in dimensions)
        {
            shape.Dim.Add(dimension < 0 && !IsOfOneSample
                ? new TensorShapeProto.Types.Dimension { DimParam = "N" }
                : new TensorShapeProto.Types.Dimension { DimValue = Math.Abs(dimension) });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxElementType.Float, Shape = shape } },
        };
    }
}
