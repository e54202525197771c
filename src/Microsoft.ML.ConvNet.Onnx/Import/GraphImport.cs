using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>Turns the graph of a model into a network: finds what an output needs, checks it, and writes it node by node.</summary>
internal sealed class GraphImport
{
    private static readonly HashSet<string> ChannelOperators = new(StringComparer.Ordinal)
    {
        "Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool", "GlobalMaxPool", "GlobalAveragePool",
        "BatchNormalization", "InstanceNormalization", "GroupNormalization", "LRN",
    };

    private readonly OnnxModel _model;
    private readonly OnnxImportOptions _options;
    private readonly OperatorSet _operators;
    private readonly OnnxValueInfo _output;
    private IReadOnlyList<NodeProto> _nodes;
    private readonly OnnxValueInfo? _input;

    private GraphImport(OnnxModel model, OnnxImportOptions options, OperatorSet operators)
    {
        _model = model;
        _options = options;
        _operators = operators;
        _output = GraphOutput.Of(model, options);
        List<NodeProto> nodes = NeededNodes(model, _output.Name, out HashSet<string> read);
        RequireSupported(nodes);
        nodes.ForEach(node => operators.Schema(node, model.OpsetVersion)!.Require(node));
        _nodes = BiasFusion.Join(nodes, model.Initializers, _output.Name);
        RequireValues();
        _input = InputOf(read);
    }

    /// <summary>Imports a graph.</summary>
    /// <param name="model">The model that has it.</param>
    /// <param name="options">How it is imported.</param>
    /// <param name="operators">The operators that can be.</param>
    public static OnnxNetwork Run(OnnxModel model, OnnxImportOptions options, OperatorSet operators)
    {
        GraphImport import = new(model, options, operators);
        try
        {
            return import.Write();
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            throw new OnnxImportException($"The graph {OnnxText.Quoted(model.Name)}: {exception.Message}", exception);
        }
    }

    private OnnxNetwork Write()
    {
        OnnxValueInfo? declared = DeclaredInput();
        if (_input is not null && (declared is not null || _options.IsForAnySize))
        {
            _nodes = WholeWindows.AsGlobal(_nodes, ValuesFor(declared ?? _input));
        }

        if (_input?.Dimensions is { Count: > 0 } dimensions && !dimensions.Contains(0))
        {
            try
            {
                return Write(isBatched: true);
            }
            catch (AcrossBatchException) when (declared is null)
            {
                // The whole tensor is one sample, then.
            }
            catch (Exception exception) when (
                declared is not null && (exception is AcrossBatchException or OnnxImportException or ModelFormatException || IsRefusal(exception)))
            {
                throw new OnnxImportException(
                    $"The dimensions given for the input are the model's, {declared}, or such as its nodes take, too. "
                    + $"Received: {_input}: {exception.Message}",
                    exception);
            }
        }

        return Write(isBatched: false);
    }

    /// <summary>The input as the model has it, where the options give it another size than the one that stands there; else null.</summary>
    private OnnxValueInfo? DeclaredInput()
    {
        OnnxValueInfo? declared = _input is null ? null : _model.Inputs.FirstOrDefault(input => input.Name == _input.Name);
        return declared?.Dimensions is { } dimensions
            && dimensions.Zip(_input!.Dimensions!).Skip(1).Any(pair => pair.First is not null && pair.First != pair.Second)
            ? declared with { Dimensions = [.. dimensions.Zip(_input.Dimensions!).Select(pair => pair.First ?? pair.Second)] }
            : null;
    }

    /// <summary>What the nodes give for an input; nothing where it cannot be computed.</summary>
    private Dictionary<string, OnnxValue> ValuesFor(OnnxValueInfo input)
    {
        Dictionary<string, OnnxValue> values = Known();
        try
        {
            _ = Begin(input, isBatched: true, values);
        }
        catch (Exception exception) when (exception is AcrossBatchException or OnnxImportException or ModelFormatException || IsRefusal(exception))
        {
            values.Clear();
        }

        return values;
    }

    private static List<NodeProto> NeededNodes(OnnxModel model, string output, out HashSet<string> read)
    {
        read = new HashSet<string>(StringComparer.Ordinal) { output };
        List<NodeProto> needed = [];
        foreach (NodeProto node in model.Graph.Node.Reverse())
        {
            if (node.Output.Any(read.Contains))
            {
                read.UnionWith(node.Input.Where(input => input.Length > 0));
                needed.Add(node);
            }
        }

        needed.Reverse();
        return needed;
    }

    /// <remarks>What is wrong comes first, and what would do last, for that is long.</remarks>
    private void RequireSupported(List<NodeProto> nodes)
    {
        string[] unsupported =
        [
            .. nodes.Where(node => _operators.Find(node, _model.OpsetVersion) is null).Select(Unsupported).Distinct(StringComparer.Ordinal),
        ];
        if (unsupported.Length > 0)
        {
            const int Shown = 5;
            string further = unsupported.Length > Shown ? $" and {unsupported.Length - Shown} more" : string.Empty;
            throw new OnnxImportException(
                $"{string.Join(", ", unsupported.Take(Shown))}{further} (opset {_model.OpsetVersion}): no such operator can be imported. "
                + $"Those that can: {string.Join(", ", _operators.Names)}.");
        }
    }

    private string Unsupported(NodeProto node) =>
        _operators.FirstOpset(node) is { } first && first > _model.OpsetVersion
            ? $"{NodeContext.Describe(node)}, which there is since opset {first},"
            : NodeContext.Describe(node);

    /// <summary>Demands that values be given for inputs that the model has, of the types and dimensions that it declares.</summary>
    private void RequireValues()
    {
        foreach ((string name, OnnxTensor value) in _options.Values)
        {
            OnnxValueInfo? declared = _model.Inputs.FirstOrDefault(input => input.Name == name);
            if (declared is null && !_model.Initializers.ContainsKey(name))
            {
                throw new OnnxImportException(
                    $"{nameof(OnnxImportOptions.Values)} has values for inputs of the model: "
                    + $"{string.Join(", ", _model.Inputs.Select(input => OnnxText.Quoted(input.Name)))}. Received: {OnnxText.Quoted(name)}.");
            }

            if (declared is not null && !declared.Takes(value))
            {
                throw new OnnxImportException($"The value given for an input is as the model declares it, {declared}. Received: {value}.");
            }
        }
    }

    /// <summary>The network's input: the first that is needed and has no value. All others have one.</summary>
    private OnnxValueInfo? InputOf(HashSet<string> read)
    {
        OnnxValueInfo[] open = [.. _model.Inputs.Where(input => read.Contains(input.Name) && !_options.Values.ContainsKey(input.Name))];
        if (open.Length == 0)
        {
            return null;
        }

        OnnxValueInfo input = open[0];
        if (open.Length > 1)
        {
            throw new OnnxImportException(
                $"A network has one input, {OnnxText.Quoted(input.Name)}; the others have values in the file or in "
                + $"{nameof(OnnxImportOptions.Values)}. "
                + $"Received: none for {string.Join(", ", open.Skip(1).Select(value => OnnxText.Quoted(value.Name)))}.");
        }

        if (input.ElementType is not (OnnxElementType.Float or OnnxElementType.Float16))
        {
            throw new OnnxImportException(
                "The network's input is of type Float or Float16. "
                + $"Received: {input}{(input.ElementType == OnnxElementType.Undefined ? ", which is no tensor" : string.Empty)}.");
        }

        return input with { Dimensions = InputDimensions(input) };
    }

    private int?[] InputDimensions(OnnxValueInfo input)
    {
        IReadOnlyList<int>? given = _options.InputDimensions;
        IReadOnlyList<int?>? declared = input.Dimensions;
        if (given is null)
        {
            return declared is not null && declared.Skip(1).All(dimension => dimension is not null)
                ? [.. declared.Select(dimension => dimension ?? 1)]
                : throw new OnnxImportException(
                    "The dimensions of the network's input are known, the first one excepted. "
                    + $"Received: {input}; set {nameof(OnnxImportOptions.InputDimensions)}.");
        }

        bool fits = declared is null || declared.Count == given.Count;
        return fits && given.All(dimension => dimension >= 0)
            ? [.. given.Select(dimension => (int?)dimension)]
            : throw new OnnxImportException(
                $"The dimensions given for the input are as many as the model's, {input}. "
                + $"Received: {OnnxText.Dimensions(given)}.");
    }

    /// <summary>Writes the nodes for an input.</summary>
    /// <param name="given">The input; null for none.</param>
    /// <param name="isBatched">Whether its first axis is the batch.</param>
    /// <param name="values">The values that are known; receives all others.</param>
    private (GraphWriter Writer, SymbolicTensor Input, AxisLayout Layout) Begin(
        OnnxValueInfo? given, bool isBatched, Dictionary<string, OnnxValue> values)
    {
        ImportBudget budget = new(_options, _model.FileBytes);
        int[] dimensions = [.. given?.Dimensions?.Select(dimension => dimension!.Value) ?? []];
        bool isEmpty = dimensions.Contains(0);
        bool keepsChannelsLast = _nodes.Any(node => ChannelOperators.Contains(node.OpType));
        IReadOnlyList<int> order = isBatched && IsChannelsLast(given!, dimensions)
            ? [1, 2, 3]
            : GraphWriter.UsualOrder(dimensions.Length, isBatched ? 1 : 0, keepsChannelsLast);
        AxisLayout layout = AxisLayout.Of(dimensions, isEmpty ? [] : order);
        int[] inputShape = isEmpty ? [1] : [.. order.Select(axis => dimensions[axis])];
        SymbolicTensor input = Network.Input(new Shape(inputShape.Length == 0 ? [1] : inputShape));
        GraphWriter writer = new(input, isBatched, isBatched ? dimensions[0] : 1, keepsChannelsLast, budget);
        if (given is not null)
        {
            values[given.Name] = isEmpty
                ? new ConstantValue(new OnnxTensor(given.Name, given.ElementType, dimensions, Array.Empty<float>()))
                : new GraphValue(input, dimensions, layout) { Type = given.ElementType };
        }

        foreach (NodeProto node in _nodes)
        {
            Import(node, values, writer);
        }

        return (writer, input, layout);
    }

    // Networks from TensorFlow take [N, H, W, C], and bring it into the order of ONNX first. Of what looks like it the network gets its input as it lies, which is
    // how the engine keeps images.
    private bool IsChannelsLast(OnnxValueInfo input, int[] dimensions)
    {
        const int LeastSide = 8;
        return dimensions is [_, var first, var second, 1 or 3 or 4] && first is not (1 or 3)
            && ((first >= LeastSide && second >= LeastSide) || _nodes.Any(node => node.OpType == "Transpose" && node.Input.Contains(input.Name)
                && node.Attribute.Any(attribute => attribute.Name == "perm" && attribute.Ints is [0, 3, 1, 2])));
    }

    private OnnxNetwork Write(bool isBatched)
    {
        Dictionary<string, OnnxValue> values = Known();
        (GraphWriter writer, SymbolicTensor input, AxisLayout layout) = Begin(_input, isBatched, values);
        OnnxValue result = values.TryGetValue(_output.Name, out OnnxValue? found)
            ? found
            : throw new ModelFormatException(
                $"The output {OnnxText.Quoted(_output.Name)} is given by a node of the graph. "
                + "Received: by none.");
        GraphOutput.RequireNumber(_output, result.ElementType);
        OnnxValueInfo output = _output with
        {
            ElementType = _output.ElementType == OnnxElementType.Undefined ? result.ElementType : _output.ElementType,
            Dimensions = [.. result.Dimensions.Select(dimension => (int?)dimension)],
        };
        AxisLayout? outputLayout = _options.KeepsChannelsLast ? ImageLayoutOf(result, writer) : null;
        SymbolicTensor end = outputLayout is null
            ? OutputTensor(result, input, writer)
            : ImageTensor((GraphValue)result, outputLayout, writer);
        string? name = _model.Name.Length > 0 ? _model.Name : null;
        (Network network, Weights weights) = writer.Finish(end, name);
        OutputKind kind = _options.Outputs ?? OutputAnalysis.Of(network, weights);
        bool addsSoftmax = _options.AddsSoftmax && kind == OutputKind.Logits;
        if (addsSoftmax)
        {
            weights.Dispose();
            if (network.Nodes.All(node => node.Layer is Reshape or Permute or Flatten))
            {
                throw new OnnxImportException(
                    $"The graph {OnnxText.Quoted(_model.Name)}: its output is computed. Received: {_output}, the input in another shape.");
            }

            (network, weights) = writer.Finish(writer.Apply(new Softmax(), [end], "probabilities"), name);
        }

        OnnxValueInfo taken = _input ?? new OnnxValueInfo(string.Empty, OnnxElementType.Undefined, null);
        return new OnnxNetwork(network, weights, taken, output, isBatched, layout, outputLayout) { AddedSoftmax = addsSoftmax };
    }

    private Dictionary<string, OnnxValue> Known()
    {
        Dictionary<string, OnnxValue> values = new(StringComparer.Ordinal);
        foreach ((string name, OnnxTensor tensor) in _model.Initializers.Concat(_options.Values))
        {
            values[name] = new ConstantValue(tensor);
        }

        return values;
    }

    private void Import(NodeProto node, Dictionary<string, OnnxValue> values, GraphWriter writer)
    {
        OnnxValue?[] inputs = [.. node.Input.Select(name => name.Length == 0 ? null : Find(node, name, values))];
        OperatorDefinition definition = _operators.Find(node, _model.OpsetVersion)!;
        OnnxElementType[] types = _operators.Schema(node, _model.OpsetVersion)!.RequireTypes(node, inputs);
        NodeContext context = new(node, _model.OpsetVersion, inputs, writer);
        IReadOnlyList<OnnxValue> outputs;
        try
        {
            outputs = inputs.All(value => value is null or ConstantValue)
                ? ConstantFolding.Fold(definition, node, context)
                : definition.Import(context);
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            throw new OnnxImportException($"{NodeContext.Describe(node)} (opset {_model.OpsetVersion}): {exception.Message}", exception);
        }
        catch (Exception exception) when (
            exception is ArgumentException or ArithmeticException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new ModelFormatException(
                $"{NodeContext.Describe(node)} (opset {_model.OpsetVersion}): its inputs and attributes fit together. "
                + $"Received: {exception.Message}",
                exception);
        }

        if (node.OpType != "Constant")
        {
            writer.Budget.Add(context, outputs);
        }

        for (int i = 0; i < node.Output.Count; i++)
        {
            string name = node.Output[i];
            if (name.Length > 0 && i < outputs.Count && !values.TryAdd(name, outputs[i].OfType(types[i])))
            {
                throw new ModelFormatException(
                    $"{NodeContext.Describe(node)}: gives a value that has no other source. "
                    + $"Received: {OnnxText.Quoted(name)}.");
            }
        }
    }

    /// <summary>Whether a layer, a shape or a count was refused: the graph asks for what no network is.</summary>
    private static bool IsRefusal(Exception exception) =>
        exception is NetworkDefinitionException or ArgumentException or OverflowException;

    private static OnnxValue Find(NodeProto node, string name, Dictionary<string, OnnxValue> values) =>
        values.TryGetValue(name, out OnnxValue? value)
            ? value
            : throw new ModelFormatException(
                $"{NodeContext.Describe(node)}: reads inputs, initializers and what nodes before it give. "
                + $"Received: {OnnxText.Quoted(name)}.");

    /// <summary>The output in the order of ONNX, without the batch and without axes of extent 1 at its end.</summary>
    private static SymbolicTensor OutputTensor(OnnxValue result, SymbolicTensor input, GraphWriter writer)
    {
        if (result is ConstantValue { Tensor: var constant })
        {
            int[] known = constant.Count == 0 ? [1] : [.. SampleShape(constant.Dimensions, writer)];
            return writer.Known(ParameterValues.Of(constant), known, "output");
        }

        GraphValue value = writer.Plain((GraphValue)result, "output");
        SymbolicTensor tensor = writer.Shaped(value.Tensor, SampleShape(value.LogicalDimensions, writer), "output");
        return ReferenceEquals(tensor, input) ? writer.Apply(new Reshape(tensor.Shape), [tensor], "output") : tensor;
    }

    /// <summary>How an image lies in memory with its channels innermost; null for what is no image of more than one pixel.</summary>
    private static AxisLayout? ImageLayoutOf(OnnxValue result, GraphWriter writer) =>
        writer.IsBatched && result is GraphValue { Rank: 4 } image && image.LogicalDimensions.Skip(2).Any(dimension => dimension > 1)
            ? AxisLayout.Of(image.LogicalDimensions, GraphWriter.UsualOrder(image.Rank, writer.FirstAxis, keepsChannelsLast: true))
            : null;

    /// <summary>An image as the engine keeps it, <c>[H, W, C]</c>.</summary>
    private static SymbolicTensor ImageTensor(GraphValue image, AxisLayout layout, GraphWriter writer)
    {
        int[] dimensions = image.LogicalDimensions;
        GraphValue ordered = writer.Ordered(image, layout.AxisOrder, "output");
        return writer.Shaped(ordered.Tensor, [dimensions[2], dimensions[3], dimensions[1]], "output");
    }

    private static List<int> SampleShape(IReadOnlyList<int> dimensions, GraphWriter writer)
    {
        if (writer.IsBatched && (dimensions.Count == 0 || dimensions[0] != writer.Batch))
        {
            throw new AcrossBatchException("The output has no batch.");
        }

        List<int> shape = [.. dimensions.Skip(writer.FirstAxis)];
        while (shape.Count > 1 && shape[^1] == 1)
        {
            shape.RemoveAt(shape.Count - 1);
        }

        return shape;
    }
}
