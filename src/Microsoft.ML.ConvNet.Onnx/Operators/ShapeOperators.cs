using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Operators that change the axes of a value and not its numbers.</summary>
internal static class ShapeOperators
{
    private static readonly OperatorDefinition Transposition = Move("Transpose", Transpose);

    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<Flatten>(Flattened, Move("Flatten", Flatten)),
        OperatorRow.Of<Reshape>(Reshaped, Move("Reshape", Reshape)),
        OperatorRow.Of<Permute>(Permuted, Transposition),
        OperatorRow.Of<ChannelShuffle>(Shuffled, Transposition),
        OperatorRow.Of<Expand>(Expanded, new OperatorDefinition("Expand", Expand) { Fold = FoldExpand }),
        OperatorRow.OnlyRead(
            Move("Squeeze", Squeeze),
            Move("Unsqueeze", Unsqueeze),
            Move("DepthToSpace", DepthToSpace),
            Move("SpaceToDepth", SpaceToDepth),
            Move("Identity", node => node.Input(0)),
            new OperatorDefinition("Shape", node => (OnnxValue)new ConstantValue(Shape(node))) { Fold = node => [Shape(node)] },
            new OperatorDefinition("Size", node => (OnnxValue)new ConstantValue(Size(node))) { Fold = node => [Size(node)] }),
    ];

    /// <summary>An operator that treats known values and those of the network alike.</summary>
    private static OperatorDefinition Move(string name, Func<NodeContext, OnnxValue> import) =>
        new(name, import) { Fold = node => [((ConstantValue)import(node)).Tensor] };

    private static OnnxValue Reshape(NodeContext node)
    {
        OnnxValue value = node.Input(0);
        IReadOnlyList<long> wanted = node.IntsOf("shape", 1) ?? throw node.Malformed("it has a shape. Received: none");
        bool keepsZero = node.Attributes.Flag("allowzero");
        long count = value.Dimensions.Aggregate(1L, (product, dimension) => product * dimension);
        long[] dimensions = [.. wanted.Select((dimension, axis) => dimension == 0 && !keepsZero && axis < value.Dimensions.Count
            ? value.Dimensions[axis]
            : dimension)];
        long others = dimensions.Where(dimension => dimension != -1).Aggregate(1L, (product, dimension) => product * dimension);
        bool isOpen = dimensions.Count(dimension => dimension == -1) == 1 && others > 0 && count % others == 0;
        long[] resolved = [.. dimensions.Select(dimension => dimension == -1 && isOpen ? count / others : dimension)];
        return resolved.All(dimension => dimension is >= 0 and <= int.MaxValue)
            && resolved.Aggregate(1L, (product, dimension) => product * dimension) == count
            ? AxisOperations.Reshape(node, value, [.. resolved.Select(dimension => (int)dimension)])
            : throw node.Malformed(
                $"its shape holds the elements of {OnnxText.Dimensions(value.Dimensions)}. "
                + $"Received: {OnnxText.Numbers(wanted)}");
    }

    private static OnnxValue Flatten(NodeContext node)
    {
        OnnxValue value = node.Input(0);
        int rank = value.Dimensions.Count;
        long given = node.Attributes.Int("axis", 1);
        int axis = given == rank ? rank : node.Axis(given, Math.Max(rank, 1));
        return AxisOperations.Reshape(node, value, [ElementCount.Of(value.Dimensions.Take(axis)), ElementCount.Of(value.Dimensions.Skip(axis))]);
    }

    private static OnnxValue Squeeze(NodeContext node)
    {
        OnnxValue value = node.Input(0);
        int rank = value.Dimensions.Count;
        IReadOnlyList<long>? given = node.IntsOf("axes", 1);
        HashSet<int> dropped = given is null
            ? [.. Enumerable.Range(0, rank).Where(axis => value.Dimensions[axis] == 1)]
            : [.. given.Select(axis => node.Axis(axis, rank))];
        return dropped.All(axis => value.Dimensions[axis] == 1)
            ? AxisOperations.Rename(node, value, [.. Enumerable.Range(0, rank).Where(axis => !dropped.Contains(axis))])
            : throw node.Malformed(
                "it drops axes of extent 1. "
                + $"Received: axes [{string.Join(", ", dropped)}] of {OnnxText.Dimensions(value.Dimensions)}");
    }

    private static OnnxValue Unsqueeze(NodeContext node)
    {
        OnnxValue value = node.Input(0);
        IReadOnlyList<long> given = node.IntsOf("axes", 1) ?? throw node.Malformed("it has axes. Received: none");
        int rank = value.Dimensions.Count + given.Count;
        HashSet<int> added = [.. given.Select(axis => node.Axis(axis, rank))];
        if (added.Count != given.Count)
        {
            throw node.Malformed($"its axes differ. Received: {OnnxText.Numbers(given)}");
        }

        int next = 0;
        return AxisOperations.Rename(node, value, [.. Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? -1 : next++)]);
    }

    private static OnnxValue Transpose(NodeContext node)
    {
        OnnxValue value = node.Input(0);
        int rank = value.Dimensions.Count;
        int[] order = node.Attributes.Ints("perm") is { } given
            ? [.. given.Select(axis => node.Axis(axis, rank))]
            : [.. Enumerable.Range(0, rank).Reverse()];
        return order.Length == rank && order.Distinct().Count() == rank
            ? AxisOperations.Transpose(node, value, order)
            : throw node.Malformed($"perm has each of {rank} axes once. Received: {OnnxText.Dimensions(order)}");
    }

    /// <remarks>[N, B B C, H, W] is [N, B, B, C, H, W], or [N, C, B, B, H, W], and becomes [N, C, H, B, W, B].</remarks>
    private static OnnxValue DepthToSpace(NodeContext node)
    {
        OnnxValue value = node.Input(0);
        (int batch, int channels, int height, int width, int block) = Blocks(node, value);
        bool isColumnFirst = node.Attributes.Text("mode", "DCR") == "CRD";
        int depth = channels / (block * block);
        if (depth == 0 || channels % (block * block) != 0)
        {
            throw node.Malformed(
                FormattableString.Invariant($"the square of blocksize divides the channels. Received: {block} for {channels}"));
        }

        OnnxValue parts = AxisOperations.Reshape(
            node, value, isColumnFirst ? [batch, depth, block, block, height, width] : [batch, block, block, depth, height, width]);
        OnnxValue moved = AxisOperations.Transpose(node, parts, isColumnFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]);
        return AxisOperations.Reshape(node, moved, [batch, depth, height * block, width * block]);
    }

    private static OnnxValue SpaceToDepth(NodeContext node)
    {
        OnnxValue value = node.Input(0);
        (int batch, int channels, int height, int width, int block) = Blocks(node, value);
        if (height % block != 0 || width % block != 0)
        {
            throw node.Malformed(
                FormattableString.Invariant($"blocksize divides the height and the width. Received: {block} for {height}x{width}"));
        }

        OnnxValue parts = AxisOperations.Reshape(node, value, [batch, channels, height / block, block, width / block, block]);
        OnnxValue moved = AxisOperations.Transpose(node, parts, [0, 3, 5, 1, 2, 4]);
        return AxisOperations.Reshape(node, moved, [batch, channels * block * block, height / block, width / block]);
    }

    private static (int Batch, int Channels, int Height, int Width, int Block) Blocks(NodeContext node, OnnxValue value)
    {
        long block = node.Attributes.Int("blocksize", 0);
        return value.Dimensions.Count == 4 && block is >= 1 and <= short.MaxValue
            ? (value.Dimensions[0], value.Dimensions[1], value.Dimensions[2], value.Dimensions[3], (int)block)
            : throw node.Malformed(
                "it takes [N, C, H, W] and a blocksize of at least 1. "
                + FormattableString.Invariant($"Received: {OnnxText.Dimensions(value.Dimensions)} and {block}"));
    }

    /// <remarks>The axes that grow are put outermost, wherever they stand: where they lie is free.</remarks>
    private static OnnxValue Expand(NodeContext node)
    {
        GraphValue value = node.Graph(0);
        int[] dimensions = ExpandedDimensions(node, value.LogicalDimensions);
        int added = dimensions.Length - value.Rank;
        if (node.Writer.IsBatched && (added > 0 || dimensions[0] != value.LogicalDimensions[0]))
        {
            throw node.AcrossBatch();
        }

        AxisLayout layout = value.Layout.Renamed([.. Enumerable.Repeat(-1, added), .. Enumerable.Range(0, value.Rank)]);
        (int Axis, int Extent)[] grown =
        [
            .. Enumerable.Range(0, dimensions.Length).Where(axis => dimensions[axis] > 1
                && (axis < added || value.LogicalDimensions[axis - added] == 1))
                .Select(axis => (axis, dimensions[axis])),
        ];
        if (grown.Length == 0)
        {
            return value with { LogicalDimensions = dimensions, Layout = layout };
        }

        int[] extents = layout.Extents;
        SymbolicTensor shaped = node.Writer.Shaped(value.Tensor, [.. grown.Select(_ => 1), .. extents], node.Name);
        Expand layer = new(new Tensors.Shape([.. grown.Select(axis => axis.Extent), .. extents]));
        return value with { Tensor = node.Apply(layer, shaped), LogicalDimensions = dimensions, Layout = layout.WithOutermost(grown) };
    }

    private static IReadOnlyList<OnnxTensor> FoldExpand(NodeContext node)
    {
        OnnxTensor tensor = node.Known(0);
        int[] dimensions = ExpandedDimensions(node, tensor.Dimensions);
        return tensor.IsUniform || tensor.Count == 1 ? [SelectionOperators.Uniform(node, tensor, dimensions)] : [SelectionOperators.Selected(tensor, dimensions, WholeNumbers.BroadcastPlaces(node, tensor.Dimensions, dimensions))];
    }

    private static int[] ExpandedDimensions(NodeContext node, IReadOnlyList<int> own)
    {
        long[] shape = node.Integers(1);
        return shape.All(dimension => dimension is >= 0 and <= int.MaxValue)
            ? WholeNumbers.BroadcastDimensions(node, own, [.. shape.Select(dimension => (int)dimension)])
            : throw node.Malformed($"the dimensions of its shape are 0 or more. Received: {OnnxText.Numbers(shape)}");
    }

    private static OnnxTensor Shape(NodeContext node)
    {
        IReadOnlyList<int> dimensions = node.Input(0).Dimensions;
        int rank = dimensions.Count;
        int Place(long given) => (int)Math.Clamp(given < 0 ? given + rank : given, 0, rank);
        int start = Place(node.Attributes.Int("start", 0));
        int end = Math.Max(Place(node.Attributes.Int("end", rank)), start);
        return new OnnxTensor(string.Empty, OnnxElementType.Int64, [end - start],
            [.. dimensions.Skip(start).Take(end - start).Select(dimension => (long)dimension)]);
    }

    private static OnnxTensor Size(NodeContext node) => new(
        string.Empty, OnnxElementType.Int64, [],
            new[] { node.Input(0).Dimensions.Aggregate(1L, (product, dimension) => product * dimension) });

    private static ExportValue Flattened(LayerExport layer)
    {
        ExportValue input = layer.Input;
        bool isOneOrder = input.Order != ExportOrder.ChannelsFirst || input.Shape.Channels == 1
            || input.Shape.ElementCount == input.Shape.Channels;
        if (input.Order == ExportOrder.FlattenedChannelsFirst)
        {
            return input with { Name = layer.Graph.Node("Identity", layer.Name, [input.Name]) };
        }

        return layer.Emit(
            "Flatten", isOneOrder
                ? ExportOrder.AsIs
                : ExportOrder.FlattenedChannelsFirst, [input.Name], ExportGraph.Attribute("axis", 1)) with
        {
            Source = input.Shape,
        };
    }

    private static ExportValue Reshaped(LayerExport layer) => layer.Emit(
        "Reshape", ExportOrder.AsIs,
            [layer.Graph.AsIs(layer.Input).Name, layer.Graph.Integers($"{layer.Name}.shape", [0, .. layer.OutputShape])]);

    private static ExportValue Permuted(LayerExport layer)
    {
        ExportValue input = layer.OrderedInput;
        int rank = input.Shape.Rank;
        int[] axes = [0, .. layer.Layer<Permute>().Axes.Select(axis => input.AxisOf(LayerExport.Resolved(axis, rank)))];
        return layer.Emit("Transpose", ExportOrder.AsIs, [input.Name], ExportGraph.Attribute("perm", axes));
    }

    private static ExportValue Shuffled(LayerExport layer)
    {
        ExportValue input = layer.Graph.ChannelsFirst(layer.Input);
        int groups = layer.Layer<ChannelShuffle>().Groups;
        int channels = input.Shape.Channels;
        int[] behind = [.. ExportGraph.DimensionsOf(input).Skip(2)];
        string grouped = layer.Graph.Node(
            "Reshape", $"{layer.Name}/groups",
                [input.Name, layer.Graph.Integers($"{layer.Name}/groups/shape", [0, groups, channels / groups, .. behind])]);
        string moved = layer.Graph.Node(
            "Transpose", $"{layer.Name}/turn", [grouped], ExportGraph.Attribute("perm", [0, 2, 1, .. Enumerable.Range(3, behind.Length)]));
        return layer.Emit("Reshape", input.Order, [moved, layer.Graph.Integers($"{layer.Name}/shape", [0, channels, .. behind])]);
    }

    private static ExportValue Expanded(LayerExport layer)
    {
        Tensors.Shape input = layer.Input.Shape;
        Tensors.Shape output = layer.OutputShape;
        string source = layer.Graph.AsIs(layer.Input).Name;
        int missing = output.Rank - input.Rank;
        if (missing > 0)
        {
            int[] shape = [0, .. Enumerable.Repeat(1, missing), .. input];
            source = layer.Graph.Node("Reshape", $"{layer.Name}/align", [source, layer.Graph.Integers($"{layer.Name}/align/shape", shape)]);
        }

        return layer.Emit("Expand", ExportOrder.AsIs, [source, layer.Graph.Integers($"{layer.Name}.shape", [1, .. output])]);
    }
}
