using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Parts of a value: ranges and chosen positions along axes.</summary>
internal static class SelectionOperators
{
    private const int InputsInsteadOfAttributes = 10;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<Slice>(Sliced, new OperatorDefinition("Slice", node => Part(node, node.Input(0), RangesOf(node), node.Name))
        {
            Fold = node => [((ConstantValue)Part(node, node.Input(0), RangesOf(node), node.Name)).Tensor],
        }),
        OperatorRow.Of<Gather>(Gathered, new OperatorDefinition("Gather", Gather) { Fold = node => [FoldGather(node)] }),
        OperatorRow.OnlyRead(new OperatorDefinition("Split", Split)
        {
            Fold = node => [.. Split(node).Select(part => ((ConstantValue)part).Tensor)],
        }),
        OperatorRow.OnlyRead(new OperatorDefinition("Crop", Cropped)),
    ];

    /// <summary>A tensor of elements of another, by their places.</summary>
    public static OnnxTensor Selected(OnnxTensor tensor, IReadOnlyList<int> dimensions, int[] places)
    {
        if (!tensor.IsFloatingPoint)
        {
            long[] integers = tensor.Integers;
            return new OnnxTensor(tensor.Name, tensor.ElementType, dimensions, Array.ConvertAll(places, place => integers[place]));
        }

        ReadOnlySpan<float> floats = tensor.IsUniform ? tensor.Floats : tensor.FloatSpan;
        float[] selected = new float[places.Length];
        for (int i = 0; i < selected.Length; i++)
        {
            selected[i] = floats[places[i]];
        }

        return new OnnxTensor(tensor.Name, tensor.ElementType, dimensions, selected);
    }

    /// <summary>A tensor whose elements are all the first one of another, which takes the memory of one.</summary>
    /// <exception cref="OnnxImportException">They are more than can be counted.</exception>
    public static OnnxTensor Uniform(NodeContext node, OnnxTensor number, IReadOnlyList<int> dimensions) =>
        dimensions.Aggregate(1.0, (product, dimension) => product * dimension) <= int.MaxValue
            ? new OnnxTensor(number, dimensions)
            : throw node.Unsupported(FormattableString.Invariant(
                $"a tensor has at most {int.MaxValue:N0} elements. Received: {OnnxText.Dimensions(dimensions)}"));

    /// <remarks>Of ONNX's first year, in models for style transfer: without a border (left, top, right, bottom), or of a size from its beginning on.</remarks>
    private static OnnxValue Cropped(NodeContext node)
    {
        GraphValue value = node.Graph(0);
        IReadOnlyList<long> border = node.Attributes.Ints("border") ?? [];
        IReadOnlyList<long>? size = node.Attributes.Ints("scale");
        if (value.Rank != 4 || border.Count != 4 || size is { Count: not 2 } || border.Any(side => side < 0))
        {
            throw node.Malformed($"it has four borders, and two sides or none, for images. Received: {border.Count} and {size?.Count ?? 0}");
        }

        int height = value.LogicalDimensions[2];
        int width = value.LogicalDimensions[3];
        long bottom = size is null ? height - border[3] : border[1] + size[0];
        long right = size is null ? width - border[2] : border[0] + size[1];
        return border[1] < bottom && bottom <= height && border[0] < right && right <= width
            ? Part(node, value, [AxisRange.Of(2, border[1], bottom, 1, height), AxisRange.Of(3, border[0], right, 1, width)], node.Name)
            : throw node.Malformed(FormattableString.Invariant(
                $"what it leaves lies within the image of {height}x{width}. Received: rows {border[1]} to {bottom}, columns {border[0]} to {right}"));
    }

    /// <summary>The part of a value within ranges.</summary>
    public static OnnxValue Part(NodeContext node, OnnxValue value, IReadOnlyList<AxisRange> ranges, string name)
    {
        AxisRange[] narrow = [.. ranges.Where(range => !range.IsWhole(value.Dimensions[range.Axis]))];
        int[] dimensions = [.. value.Dimensions];
        foreach (AxisRange range in narrow)
        {
            dimensions[range.Axis] = range.Count;
        }

        if (value is ConstantValue { Tensor: { IsUniform: true, Count: > 0 } uniform })
        {
            return new ConstantValue(new OnnxTensor(uniform, dimensions));
        }

        if (narrow.Length == 0)
        {
            return value;
        }

        if (value is ConstantValue { Tensor: var tensor })
        {
            node.Writer.Budget.RequireFolded(node, dimensions, tensor.IsFloatingPoint);
            return new ConstantValue(Selected(tensor, dimensions, Places(tensor.Dimensions, dimensions, narrow)));
        }

        if (node.Writer.IsBatched && narrow.Any(range => range.Axis == 0))
        {
            throw node.AcrossBatch();
        }

        if (dimensions.Contains(0))
        {
            throw node.Unsupported($"a part has elements. Received: {OnnxText.Dimensions(dimensions)}");
        }

        GraphValue whole = AxisOperations.Unfold(node, (GraphValue)value, narrow.Select(range => range.Axis), out IReadOnlyList<int> order);
        List<int> places = [.. order];
        bool isStepped = narrow.Any(range => range.Step != 1);
        Slice layer = new(
            (int[])[.. narrow.Select(range => places.IndexOf(range.Axis))],
            (int[])[.. narrow.Select(range => range.Start)],
            (int[])[.. narrow.Select(range => range.EndWithin(value.Dimensions[range.Axis]))],
            isStepped ? (int[])[.. narrow.Select(range => range.Step)] : default(Integers));
        SymbolicTensor part = node.Writer.Apply(layer, [whole.Tensor], name);
        return whole with { Tensor = part, LogicalDimensions = dimensions, Layout = AxisLayout.Of(dimensions, order) };
    }

    private static int[] Places(IReadOnlyList<int> own, int[] dimensions, IReadOnlyList<AxisRange> ranges)
    {
        int[] strides = StridedPlaces.RowMajor(own);
        int start = 0;
        int[] steps = [.. strides];
        foreach (AxisRange range in ranges)
        {
            start += range.Start * strides[range.Axis];
            steps[range.Axis] = range.Step * strides[range.Axis];
        }

        int count = ElementCount.Of(dimensions);
        return [.. StridedPlaces.Of(dimensions, steps, count).Select(place => place + start)];
    }

    private static IReadOnlyList<AxisRange> RangesOf(NodeContext node)
    {
        IReadOnlyList<int> dimensions = node.Input(0).Dimensions;
        bool areInputs = node.Opset >= InputsInsteadOfAttributes;
        IReadOnlyList<long> starts = (areInputs ? node.Integers(1) : node.Attributes.Ints("starts")) ?? [];
        IReadOnlyList<long> ends = (areInputs ? node.Integers(2) : node.Attributes.Ints("ends")) ?? [];
        IReadOnlyList<long> axes = (areInputs ? node.Has(3) ? node.Integers(3) : null : node.Attributes.Ints("axes"))
            ?? [.. Enumerable.Range(0, starts.Count)];
        long[] steps = (areInputs && node.Has(4) ? node.Integers(4) : null) ?? [.. Enumerable.Repeat(1L, starts.Count)];
        if (ends.Count != starts.Count || axes.Count != starts.Count || steps.Length != starts.Count || steps.Contains(0))
        {
            throw node.Malformed(
                "it has a start, an end and a step that is not 0 for each axis. "
                + $"Received: starts {OnnxText.Numbers(starts)}, ends {OnnxText.Numbers(ends)}, "
                + $"axes {OnnxText.Numbers(axes)}, steps {OnnxText.Numbers(steps)}");
        }

        return [.. Enumerable.Range(0, starts.Count).Select(i =>
        {
            int axis = node.Axis(axes[i], dimensions.Count);
            return AxisRange.Of(axis, starts[i], ends[i], steps[i], dimensions[axis]);
        })];
    }

    private static List<OnnxValue> Split(NodeContext node)
    {
        OnnxValue value = node.Input(0);
        int axis = node.Axis(node.Attributes.Int("axis", 0), value.Dimensions.Count);
        int length = value.Dimensions[axis];
        IReadOnlyList<long>? given = node.IntsOf("split", 1);
        int parts = (int)Math.Clamp(given?.Count ?? node.Attributes.Int("num_outputs", node.OutputCount), 0, length + 1L);
        int equal = parts < 1 ? 0 : (length + parts - 1) / parts;
        long[] lengths = given is not null
            ? [.. given]
            : [.. Enumerable.Range(0, parts).Select(part => (long)Math.Clamp(length - (part * equal), 0, equal))];
        if (lengths.Any(part => part < 1) || lengths.Sum() != length)
        {
            throw node.Malformed($"the parts along axis {axis} make up {length}. Received: {OnnxText.Numbers(lengths)}");
        }

        List<OnnxValue> results = [];
        long start = 0;
        foreach (long part in lengths)
        {
            results.Add(Part(node, value, [AxisRange.Of(axis, start, start + part, 1, length)], $"{node.Name}/{results.Count}"));
            start += part;
        }

        return results;
    }

    private static OnnxValue Gather(NodeContext node)
    {
        GraphValue value = node.Graph(0);
        int axis = node.SampleAxis(node.Attributes.Int("axis", 0), value.Rank);
        int[] indices = Indices(node, value.LogicalDimensions[axis]);
        GraphValue whole = AxisOperations.Unfold(node, value, [axis], out IReadOnlyList<int> order);
        SymbolicTensor gathered = node.Apply(new Gather(order.ToList().IndexOf(axis), indices), whole.Tensor);
        int[] dimensions = [.. value.LogicalDimensions];
        dimensions[axis] = indices.Length;
        GraphValue result = value with { Tensor = gathered, LogicalDimensions = dimensions, Layout = AxisLayout.Of(dimensions, order) };
        return AxisOperations.Reshape(node, result,
            [.. dimensions.Take(axis), .. node.Constant(1).Dimensions, .. dimensions.Skip(axis + 1)]);
    }

    private static OnnxTensor FoldGather(NodeContext node)
    {
        OnnxTensor tensor = node.Constant(0);
        int axis = node.Axis(node.Attributes.Int("axis", 0), tensor.Dimensions.Count);
        int[] indices = Indices(node, tensor.Dimensions[axis]);
        int[] dimensions = [.. tensor.Dimensions.Take(axis), .. node.Constant(1).Dimensions, .. tensor.Dimensions.Skip(axis + 1)];
        _ = ElementCount.OfFolded(node, dimensions);
        int inner = ElementCount.Of(tensor.Dimensions.Skip(axis + 1));
        int outer = ElementCount.Of(tensor.Dimensions.Take(axis));
        int[] places =
        [
            .. Enumerable.Range(0, outer).SelectMany(row => indices.SelectMany(
                index => Enumerable.Range(((row * tensor.Dimensions[axis]) + index) * inner, inner))),
        ];
        return Selected(tensor, dimensions, places);
    }

    private static int[] Indices(NodeContext node, int length)
    {
        long[] indices = node.Integers(1);
        return indices.Length > 0 && indices.All(index => index >= -length && index < length)
            ? Array.ConvertAll(indices, index => (int)(index < 0 ? index + length : index))
            : throw node.Malformed(
                FormattableString.Invariant($"its indices are from {-length} to {length - 1}. Received: {OnnxText.Numbers(indices)}"));
    }

    /// <remarks>An end before the first element is a number too small for any axis.</remarks>
    private static ExportValue Sliced(LayerExport layer)
    {
        Slice settings = layer.Layer<Slice>();
        ExportValue input = layer.OrderedInput;
        int rank = input.Shape.Rank;
        string[] inputs =
        [
            input.Name,
            layer.Graph.Integers($"{layer.Name}.starts", settings.Starts),
            layer.Graph.Integers($"{layer.Name}.ends", settings.Ends),
            layer.Graph.Integers($"{layer.Name}.axes", settings.Axes.Select(axis => input.AxisOf(LayerExport.Resolved(axis, rank)))),
        ];
        return layer.Emit(
            "Slice", input.Order, settings.Steps.Count == 0
                ? inputs
                : [.. inputs, layer.Graph.Integers($"{layer.Name}.steps", settings.Steps)]);
    }

    private static ExportValue Gathered(LayerExport layer)
    {
        Gather settings = layer.Layer<Gather>();
        ExportValue input = layer.OrderedInput;
        return layer.Emit(
            "Gather",
            input.Order,
            [input.Name, layer.Graph.Integers($"{layer.Name}.indices", settings.Indices)],
            ExportGraph.Attribute("axis", input.AxisOf(LayerExport.Resolved(settings.Axis, input.Shape.Rank))));
    }
}
