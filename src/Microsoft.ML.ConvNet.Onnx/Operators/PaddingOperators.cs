using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Elements put before and after axes.</summary>
internal static class PaddingOperators
{
    private const int InputsInsteadOfAttributes = 11;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<Pad>(Padded, new OperatorDefinition("Pad", Import)),
    ];

    private static GraphValue Import(NodeContext node)
    {
        GraphValue value = node.Graph(0);
        (long[] before, long[] after) = Amounts(node, value.Rank);
        AxisRange[] cut =
        [
            .. Enumerable.Range(0, value.Rank).Where(axis => before[axis] < 0 || after[axis] < 0).Select(axis => AxisRange.Of(
                axis, Math.Max(-before[axis], 0), value.LogicalDimensions[axis] - Math.Max(-after[axis], 0), 1,
                    value.LogicalDimensions[axis])),
        ];
        if (cut.Length > 0)
        {
            value = (GraphValue)SelectionOperators.Part(node, value, cut, $"{node.Name}/cut");
        }

        int[] padded = [.. Enumerable.Range(0, value.Rank).Where(axis => before[axis] > 0 || after[axis] > 0)];
        if (padded.Length == 0)
        {
            return value;
        }

        if (node.Writer.IsBatched && padded[0] == 0)
        {
            throw node.AcrossBatch();
        }

        GraphValue whole = AxisOperations.Unfold(node, value, padded, out IReadOnlyList<int> order);
        Pad layer = new(
            (int[])[.. order.Select(axis => (int)Math.Max(before[axis], 0))],
                (int[])[.. order.Select(axis => (int)Math.Max(after[axis], 0))])
        {
            Mode = Mode(node),
            Value = Fill(node),
        };
        SymbolicTensor tensor = node.Apply(layer, whole.Tensor);
        int[] dimensions = [.. value.LogicalDimensions.Select((dimension, axis) => dimension
            + (int)(Math.Max(before[axis], 0) + Math.Max(after[axis], 0)))];
        return whole with { Tensor = tensor, LogicalDimensions = dimensions, Layout = AxisLayout.Of(dimensions, order) };
    }

    private static (long[] Before, long[] After) Amounts(NodeContext node, int rank)
    {
        IReadOnlyList<long> pads = (node.Opset >= InputsInsteadOfAttributes
            ? node.Integers(1)
            : node.Attributes.Ints("pads") ?? node.Attributes.Ints("paddings"))
            ?? throw node.Malformed("it has pads. Received: none");
        int[] axes = node.Has(3) ? [.. node.Integers(3).Select(axis => node.Axis(axis, rank))] : [.. Enumerable.Range(0, rank)];
        if (pads.Count != 2 * axes.Length || pads.Any(pad => Math.Abs(pad) > int.MaxValue))
        {
            throw node.Malformed($"pads has two numbers for each of {axes.Length} axes. Received: {OnnxText.Numbers(pads)}");
        }

        long[] before = new long[rank];
        long[] after = new long[rank];
        for (int i = 0; i < axes.Length; i++)
        {
            before[axes[i]] = pads[i];
            after[axes[i]] = pads[i + axes.Length];
        }

        return (before, after);
    }

    private static PaddingMode Mode(NodeContext node) => node.Attributes.Text("mode", "constant") switch
    {
        "constant" => PaddingMode.Constant,
        "reflect" => PaddingMode.Reflect,
        "edge" => PaddingMode.Replicate,
        string other => throw node.Unsupported($"mode is constant, reflect or edge. Received: {OnnxText.Quoted(other)}"),
    };

    private static float Fill(NodeContext node) => node.OptionalConstant(2)?.ToArray() is { Length: > 0 } given
        ? given[0]
        : node.Attributes.Float("value", 0);

    private static ExportValue Padded(LayerExport layer)
    {
        Pad settings = layer.Layer<Pad>();
        ExportValue input = layer.OrderedInput;
        int rank = input.Shape.Rank;
        int[] pads = new int[2 * (rank + 1)];
        for (int dimension = 0; dimension < rank; dimension++)
        {
            pads[input.AxisOf(dimension)] = settings.Before[dimension];
            pads[input.AxisOf(dimension) + rank + 1] = settings.After[dimension];
        }

        string mode = settings.Mode switch
        {
            PaddingMode.Reflect => "reflect",
            PaddingMode.Replicate => "edge",
            _ => "constant",
        };
        string[] inputs = [input.Name, layer.Graph.Integers($"{layer.Name}.pads", pads)];
        return layer.Emit(
            "Pad",
            input.Order,
            settings.Mode == PaddingMode.Constant ? [.. inputs, layer.Graph.Scalar($"{layer.Name}.fill", settings.Value)] : inputs,
            ExportGraph.Attribute("mode", mode));
    }
}
