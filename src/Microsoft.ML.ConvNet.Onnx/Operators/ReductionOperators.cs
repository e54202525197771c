using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Means, sums and extrema along axes.</summary>
internal static class ReductionOperators
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<Reduce>(
            Reduced,
            Reduction("ReduceMean", ReduceFunction.Mean, null),
            Reduction("ReduceSum", ReduceFunction.Sum, values => values.Sum()),
            Reduction("ReduceMax", ReduceFunction.Max, values => values.Max()),
            Reduction("ReduceMin", ReduceFunction.Min, values => values.Min())),
        OperatorRow.OnlyRead(
            OfSum("ReduceL1", Magnitudes, null),
            OfSum("ReduceL2", Squares, new Sqrt()),
            OfSum("ReduceSumSquare", Squares, null),
            OfSum("ReduceLogSum", (_, value) => value, new Log()),
            new OperatorDefinition("ReduceLogSumExp", node => (OnnxValue)LogOfSumOfExponentials(node))),
        OperatorRow.OnlyRead(
            new OperatorDefinition("LpNormalization", node => (OnnxValue)DividedByNorm(node)),
            new OperatorDefinition("GlobalLpPool", node => (OnnxValue)GlobalNorm(node)),
            new OperatorDefinition("MeanVarianceNormalization", node => (OnnxValue)Standardized(node))),
        OperatorRow.OnlyRead(OperatorDefinition.OfConstants("ReduceProd",
            node => FoldAll(node, values => values.Aggregate(1L, (product, value) => product * value))
            ?? throw node.Unsupported("it multiplies whole numbers, all of them. Received: others"))),
    ];

    /// <summary>Reduces axes of a value.</summary>
    /// <param name="node">The node.</param>
    /// <param name="value">The value.</param>
    /// <param name="function">What is computed.</param>
    /// <param name="axes">The axes.</param>
    /// <param name="dimensions">The dimensions of the result.</param>
    /// <param name="sourceOf">Which axis each axis of the result was.</param>
    public static GraphValue Reduce(
        NodeContext node, GraphValue value, ReduceFunction function, IReadOnlyList<int> axes, int[] dimensions, Func<int, int> sourceOf)
    {
        if (node.Writer.IsBatched && axes.Contains(0))
        {
            throw node.AcrossBatch();
        }

        AxisLayout layout = value.Layout.Joined();
        AxisLayout left = layout.Without(factor => axes.Contains(factor.Axis)).Renamed(
            [.. Enumerable.Range(0, dimensions.Length).Select(sourceOf)]);
        List<(bool IsReduced, int Extent)> runs = [];
        foreach (AxisFactor factor in layout.Factors)
        {
            bool isReduced = axes.Contains(factor.Axis);
            if (runs.Count > 0 && runs[^1].IsReduced == isReduced)
            {
                runs[^1] = (isReduced, runs[^1].Extent * factor.Extent);
            }
            else
            {
                runs.Add((isReduced, factor.Extent));
            }
        }

        return value with
        {
            Tensor = runs.Any(run => run.IsReduced) ? Reduced(node, value.Tensor, function, runs) : value.Tensor,
            LogicalDimensions = dimensions,
            Layout = left,
        };
    }

    /// <summary>Over all positions of an image it is a global pooling, else the layer for any axes.</summary>
    private static SymbolicTensor Reduced(NodeContext node, SymbolicTensor tensor, ReduceFunction function,
        List<(bool IsReduced, int Extent)> runs)
    {
        bool isPooling = function is ReduceFunction.Mean or ReduceFunction.Max
            && runs[0].IsReduced && (runs.Count == 1 || (runs.Count == 2 && !runs[1].IsReduced));
        if (isPooling)
        {
            int channels = runs.Count == 2 ? runs[1].Extent : 1;
            SymbolicTensor image = tensor.Shape.IsImage && tensor.Shape.Channels == channels
                ? tensor
                : node.Writer.Shaped(tensor, [1, runs[0].Extent, channels], node.Name);
            return node.Apply(function == ReduceFunction.Mean ? new GlobalAvgPool2D() : new GlobalMaxPool2D(), image);
        }

        int[] reduced = [.. Enumerable.Range(0, runs.Count).Where(run => runs[run].IsReduced)];
        SymbolicTensor shaped = node.Writer.Shaped(tensor, [.. runs.Select(run => run.Extent)], node.Name);
        return node.Apply(new Reduce(function, reduced) { KeepDimensions = false }, shaped);
    }

    private static OperatorDefinition Reduction(string name, ReduceFunction function, Func<long[], long>? fold) => new(
        name, node => (OnnxValue)Import(node, function))
    {
        Fold = node => fold is not null && FoldAll(node, fold) is { } folded ? [folded] : null,
    };

    /// <summary>The sum of a function of the elements, and a function of the sum.</summary>
    private static OperatorDefinition OfSum(string name, Func<NodeContext, GraphValue, GraphValue> terms, Layer? after) => new(
        name,
        node =>
        {
            GraphValue sum = Import(node, ReduceFunction.Sum, terms(node, node.Graph(0)));
            return (OnnxValue)(after is null ? sum : Apply(node, sum, after, "root"));
        });

    private static GraphValue Magnitudes(NodeContext node, GraphValue value) => Apply(node, value, new Abs(), "term");

    private static GraphValue Squares(NodeContext node, GraphValue value) =>
        node.Writer.Broadcast(new Multiply(), [value, value], $"{node.Name}/square");

    /// <remarks>m + log sum exp(x - m), m the largest x, so that no exponential is beyond the numbers that there are.</remarks>
    private static GraphValue LogOfSumOfExponentials(NodeContext node)
    {
        GraphValue value = node.Graph(0);
        if (Axes(node, value) is not { } axes)
        {
            return value;
        }

        int[] kept = [.. value.LogicalDimensions.Select((extent, axis) => axes.Contains(axis) ? 1 : extent)];
        GraphValue largest = Reduce(node, value, ReduceFunction.Max, axes, kept, axis => axis);
        GraphValue shifted = node.Writer.Broadcast(new Subtract(), [value, largest], $"{node.Name}/shift");
        GraphValue sum = Reduce(node, Apply(node, shifted, new Exp(), "term"), ReduceFunction.Sum, axes, kept, axis => axis);
        GraphValue result = node.Writer.Broadcast(new Add(), [Apply(node, sum, new Log(), "root"), largest], $"{node.Name}/add");
        return node.Attributes.Flag("keepdims", otherwise: true)
            ? result
            : (GraphValue)AxisOperations.Rename(node, result, [.. Enumerable.Range(0, value.Rank).Except(axes)]);
    }

    private static GraphValue DividedByNorm(NodeContext node)
    {
        GraphValue value = node.Graph(0);
        int axis = node.Axis(node.Attributes.Int("axis", -1), value.Rank);
        return node.Writer.Broadcast(new Divide(), [value, Norm(node, value, [axis], node.Attributes.Int("p", 2))], node.Name);
    }

    private static GraphValue GlobalNorm(NodeContext node)
    {
        GraphValue value = node.Graph(0);

        // In opset 1 the exponent was a float.
        double exponent = node.Opset < 2 ? node.Attributes.Float("p", 2) : node.Attributes.Int("p", 2);
        return exponent == Math.Round(exponent) && value.Rank > 2
            ? Norm(node, value, [.. Enumerable.Range(2, value.Rank - 2)], (long)exponent)
            : throw node.Unsupported(FormattableString.Invariant($"it is of images, and its exponent is whole. Received: {value.Rank} axes, p = {exponent}"));
    }

    /// <summary>The root of the sum of the powers of the magnitudes along axes, which stay with a length of 1.</summary>
    private static GraphValue Norm(NodeContext node, GraphValue value, int[] axes, long exponent)
    {
        if (exponent < 1)
        {
            throw node.Malformed(FormattableString.Invariant($"p is at least 1. Received: {exponent}"));
        }

        GraphValue terms = exponent switch
        {
            1 => Magnitudes(node, value),
            2 => Squares(node, value),
            _ => node.Writer.Broadcast(new Power(), [Magnitudes(node, value), Number(exponent)], $"{node.Name}/power"),
        };
        int[] kept = [.. value.LogicalDimensions.Select((extent, axis) => axes.Contains(axis) ? 1 : extent)];
        GraphValue sum = Reduce(node, terms, ReduceFunction.Sum, axes, kept, axis => axis);
        return exponent switch
        {
            1 => sum,
            2 => Apply(node, sum, new Sqrt(), "root"),
            _ => node.Writer.Broadcast(new Power(), [sum, Number(1f / exponent)], $"{node.Name}/root"),
        };
    }

    /// <remarks>(x - mean) / (deviation + 1e-9), as the function that the specification gives.</remarks>
    private static GraphValue Standardized(NodeContext node)
    {
        GraphValue value = node.Graph(0);
        int[] axes = [.. (node.Attributes.Ints("axes") ?? [0, 2, 3]).Select(axis => node.Axis(axis, value.Rank)).Distinct()];
        int[] kept = [.. value.LogicalDimensions.Select((extent, axis) => axes.Contains(axis) ? 1 : extent)];
        GraphWriter writer = node.Writer;
        GraphValue mean = Reduce(node, value, ReduceFunction.Mean, axes, kept, axis => axis);
        GraphValue centred = writer.Broadcast(new Subtract(), [value, mean], $"{node.Name}/centre");
        GraphValue variance = Reduce(node, Squares(node, centred), ReduceFunction.Mean, axes, kept, axis => axis);
        GraphValue deviation = writer.Broadcast(new Add(), [Apply(node, variance, new Sqrt(), "deviation"), Number(1e-9f)], $"{node.Name}/epsilon");
        return writer.Broadcast(new Divide(), [centred, deviation], node.Name);
    }

    private static ConstantValue Number(float value) => new(new OnnxTensor([], [value]));

    private static GraphValue Apply(NodeContext node, GraphValue value, Layer layer, string name) =>
        value with { Tensor = node.Writer.Apply(layer, [value.Tensor], $"{node.Name}/{name}") };

    private static GraphValue Import(NodeContext node, ReduceFunction function) => Import(node, function, node.Graph(0));

    private static GraphValue Import(NodeContext node, ReduceFunction function, GraphValue value)
    {
        if (Axes(node, value) is not { } axes)
        {
            return value;
        }

        bool isKept = node.Attributes.Flag("keepdims", otherwise: true);
        int[] sources = [.. Enumerable.Range(0, value.Rank).Where(axis => isKept || !axes.Contains(axis))];
        int[] dimensions = [.. sources.Select(axis => axes.Contains(axis) ? 1 : value.LogicalDimensions[axis])];
        return Reduce(node, value, function, axes, dimensions, axis => sources[axis]);
    }

    /// <summary>The axes that are reduced: all where none are named, or, by an attribute, no reduction at all, which is null.</summary>
    private static int[]? Axes(NodeContext node, GraphValue value)
    {
        IReadOnlyList<long>? given = node.IntsOf("axes", 1);
        return given is { Count: > 0 } ? [.. given.Select(axis => node.Axis(axis, value.Rank)).Distinct()]
            : node.Attributes.Flag("noop_with_empty_axes") ? null
            : [.. Enumerable.Range(0, value.Rank)];
    }

    /// <summary>All elements of a known tensor of whole numbers; null where some axes stay, or it holds none.</summary>
    private static OnnxTensor? FoldAll(NodeContext node, Func<long[], long> function)
    {
        OnnxTensor tensor = node.Constant(0);
        IReadOnlyList<long>? axes = node.IntsOf("axes", 1);
        bool isAll = axes is null || axes.Count == 0
            || axes.Select(axis => node.Axis(axis, tensor.Dimensions.Count)).Distinct().Count() == tensor.Dimensions.Count;
        if (tensor.IsFloatingPoint || tensor.Count == 0 || !isAll)
        {
            return null;
        }

        int[] dimensions = node.Attributes.Flag("keepdims", otherwise: true) ? [.. tensor.Dimensions.Select(_ => 1)] : [];
        return new OnnxTensor(string.Empty, tensor.ElementType, dimensions, new[] { function(tensor.Integers) });
    }

    private static ExportValue Reduced(LayerExport layer)
    {
        Reduce settings = layer.Layer<Reduce>();
        ExportValue input = layer.OrderedInput;
        int rank = input.Shape.Rank;
        int[] reduced = [.. settings.Axes.Select(axis => LayerExport.Resolved(axis, rank))];
        bool dropsAll = !settings.KeepDimensions && reduced.Length == rank;
        string operation = $"Reduce{settings.Function}";
        string axes = layer.Graph.Integers($"{layer.Name}.axes", reduced.Select(input.AxisOf).Order());
        AttributeProto kept = ExportGraph.Attribute("keepdims", settings.KeepDimensions ? 1 : 0);
        if (dropsAll)
        {
            string all = layer.Graph.Node(operation, $"{layer.Name}/all", [input.Name, axes], kept);
            return layer.Emit("Unsqueeze", ExportOrder.AsIs, [all, layer.Graph.Integers($"{layer.Name}.axis", 1)]);
        }

        bool keepsChannelsFirst = input.Order == ExportOrder.ChannelsFirst
            && (settings.KeepDimensions || (layer.OutputShape.Rank > 1 && !reduced.Contains(rank - 1)));
        return layer.Emit(operation, keepsChannelsFirst ? ExportOrder.ChannelsFirst : ExportOrder.AsIs, [input.Name, axes], kept);
    }
}
