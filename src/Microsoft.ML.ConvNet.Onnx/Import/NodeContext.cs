using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>A node that is imported: its inputs, its attributes, and the network that it is written into.</summary>
internal sealed class NodeContext
{
    private readonly NodeProto _node;
    private readonly IReadOnlyList<OnnxValue?> _inputs;

    /// <summary>Makes the context of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="opset">The version of the operators.</param>
    /// <param name="inputs">Its inputs; null for one that is left out.</param>
    /// <param name="writer">What receives the layers.</param>
    public NodeContext(NodeProto node, int opset, IReadOnlyList<OnnxValue?> inputs, GraphWriter writer)
    {
        _node = node;
        _inputs = inputs;
        Opset = opset;
        Writer = writer;
        Attributes = new NodeAttributes(node, Describe(node));
        Name = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0) ?? node.OpType;
    }

    /// <summary>The version of the operators.</summary>
    public int Opset { get; }

    /// <summary>The attributes.</summary>
    public NodeAttributes Attributes { get; }

    /// <summary>What receives the layers.</summary>
    public GraphWriter Writer { get; }

    /// <summary>The name for the node's layer.</summary>
    public string Name { get; }

    /// <summary>The kind of operator.</summary>
    public string OperatorType => _node.OpType;

    /// <summary>The number of inputs, those left out included.</summary>
    public int InputCount => _inputs.Count;

    /// <summary>The number of outputs that the node names.</summary>
    public int OutputCount => _node.Output.Count;

    /// <summary>All inputs that are not left out.</summary>
    public IReadOnlyList<OnnxValue> Inputs => [.. _inputs.OfType<OnnxValue>()];

    /// <summary>A node in words: its operator, domain and name.</summary>
    public static string Describe(NodeProto node)
    {
        string name = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() ?? string.Empty;
        string domain = ModelChecks.IsDefaultDomain(node.Domain) ? string.Empty : $" of the domain {OnnxText.Quoted(node.Domain)}";
        return $"{OnnxText.Escaped(node.OpType)}{domain} {OnnxText.Quoted(name)}";
    }

    /// <summary>Whether an input is given.</summary>
    public bool Has(int input) => input < _inputs.Count && _inputs[input] is not null;

    /// <summary>Whether an output is read by anyone.</summary>
    public bool HasOutput(int output) => output < _node.Output.Count && _node.Output[output].Length > 0;

    /// <summary>An input.</summary>
    /// <exception cref="ModelFormatException">It is left out.</exception>
    public OnnxValue Input(int input) => Has(input)
        ? _inputs[input]!
        : throw new ModelFormatException($"{Describe(_node)}: has an input number {input}. Received: {_inputs.Count} inputs.");

    /// <summary>An input that the network computes; a constant becomes a layer.</summary>
    public GraphValue Graph(int input) => Input(input) switch
    {
        GraphValue value => value,
        ConstantValue constant =>
            Writer.ToGraph(constant.Tensor,
                Enumerable.Range(Writer.FirstAxis, Math.Max(constant.Dimensions.Count - Writer.FirstAxis, 0)).ToArray(), Name),
        _ => throw new InvalidOperationException("A value is computed or known."),
    };

    /// <summary>An input that is known.</summary>
    /// <exception cref="OnnxImportException">
    /// The network computes it, or all its elements are one number and would take more memory than an import may.
    /// </exception>
    public OnnxTensor Constant(int input)
    {
        OnnxTensor tensor = Known(input);
        if (tensor.IsUniform)
        {
            Writer.Budget.RequireFolded(this, tensor.Dimensions, tensor.IsFloatingPoint);
        }

        return tensor;
    }

    /// <summary>An input that is known, whose elements may be held as one number and take any memory as an array.</summary>
    /// <exception cref="OnnxImportException">The network computes it.</exception>
    public OnnxTensor Known(int input) => Input(input) is ConstantValue constant
        ? constant.Tensor
        : throw Unsupported($"its input number {input} is known when the model is imported. Received: one that the graph computes");

    /// <summary>An input that is known; null where it is left out.</summary>
    public OnnxTensor? OptionalConstant(int input) => Has(input) ? Constant(input) : null;

    /// <summary>The floating-point numbers of an input that is known.</summary>
    public float[] Floats(int input) => Constant(input) is { IsFloatingPoint: true } tensor
        ? tensor.Floats
        : throw Unsupported($"its input number {input} holds floating-point numbers. Received: {Constant(input)}");

    /// <summary>An input that is known and holds floating-point numbers, which may be held as one number.</summary>
    public OnnxTensor KnownFloats(int input) => Known(input) is { IsFloatingPoint: true } tensor
        ? tensor
        : throw Unsupported($"its input number {input} holds floating-point numbers. Received: {Known(input)}");

    /// <summary>
    /// Whole numbers that stand in an attribute in older versions and are an input in newer ones; null where they are left out.
    /// </summary>
    public IReadOnlyList<long>? IntsOf(string attribute, int input) => Has(input) ? Integers(input) : Attributes.Ints(attribute);

    /// <summary>The whole numbers of an input that is known.</summary>
    public long[] Integers(int input) => Constant(input) is { IsFloatingPoint: false } tensor
        ? tensor.Integers
        : throw Unsupported($"its input number {input} holds whole numbers. Received: {Constant(input)}");

    /// <summary>The one whole number of an input that is known.</summary>
    public long Integer(int input) => Integers(input) is [long number]
        ? number
        : throw Malformed($"its input number {input} is one number. Received: {Constant(input)}");

    /// <summary>The one number of an input that is known; null where it is left out.</summary>
    public float? OptionalNumber(int input) => OptionalConstant(input) switch
    {
        null => null,
        { Count: 1 } tensor => tensor.ToArray()[0],
        OnnxTensor tensor => throw Malformed($"its input number {input} is one number. Received: {tensor}"),
    };

    /// <summary>An axis counted from the front.</summary>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw new ModelFormatException(
            FormattableString.Invariant($"{Describe(_node)}: an axis is from {-rank} to {rank - 1}. Received: {axis}."));

    /// <summary>Demands that an axis be no batch.</summary>
    public int SampleAxis(long axis, int rank)
    {
        int counted = Axis(axis, rank);
        return counted >= Writer.FirstAxis ? counted : throw AcrossBatch();
    }

    /// <summary>Applies a layer under the node's name.</summary>
    public SymbolicTensor Apply(Layer layer, SymbolicTensor input, params IEnumerable<(string Name, ParameterValues Values)> parameters) =>
        Writer.Apply(layer, [input], Name, parameters);

    /// <summary>An error that names the operator and its node.</summary>
    /// <param name="message">What is wanted and what was received, without a full stop.</param>
    public OnnxImportException Unsupported(string message) => new($"{Describe(_node)} (opset {Opset}): {message}.");

    /// <summary>An error that says that the file is wrong.</summary>
    public ModelFormatException Malformed(string message) => new($"{Describe(_node)} (opset {Opset}): {message}.");

    /// <summary>What is thrown where the node computes across the batch.</summary>
    public AcrossBatchException AcrossBatch() => new($"{Describe(_node)} computes across the first axis.");
}
