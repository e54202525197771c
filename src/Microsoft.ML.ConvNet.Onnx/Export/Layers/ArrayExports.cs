using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Export.Layers;

/// <summary>Layers on tensors as arrays: their axes are mapped to those of the exported value.</summary>
internal static class ArrayExports
{
    /// <summary>The layers.</summary>
    public static IEnumerable<KeyValuePair<Type, Func<LayerExport, ExportValue>>> All { get; } =
    [
        Of<Flatten>(Flattened),
        Of<Reshape>(Reshaped),
        Of<Permute>(Permuted),
        Of<ChannelShuffle>(Shuffled),
        Of<Constant>(layer => layer.Graph.AddConstant($"{layer.Name}.value", layer.OutputShape, layer.Parameter("value").Span)),
        Of<Reduce>(Reduced),
        Of<Slice>(Sliced),
        Of<Pad>(Padded),
        Of<Gather>(Gathered),
        Of<Expand>(Expanded),
    ];

    /// <summary>An axis of a layer, counted from the front.</summary>
    public static int Resolved(int axis, int rank) => axis < 0 ? axis + rank : axis;

    private static KeyValuePair<Type, Func<LayerExport, ExportValue>> Of<T>(Func<LayerExport, ExportValue> export)
        where T : Layer =>
        KeyValuePair.Create(typeof(T), export);

    /// <summary>The input, where a vector is in the order of the network.</summary>
    private static ExportValue Ordered(LayerExport layer) =>
        layer.Input.Order == ExportOrder.FlattenedChannelsFirst ? layer.Graph.AsIs(layer.Input) : layer.Input;

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
        ExportValue input = Ordered(layer);
        int rank = input.Shape.Rank;
        int[] axes = [0, .. layer.Layer<Permute>().Axes.Select(axis => input.AxisOf(Resolved(axis, rank)))];
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

    private static ExportValue Reduced(LayerExport layer)
    {
        Reduce settings = layer.Layer<Reduce>();
        ExportValue input = Ordered(layer);
        int rank = input.Shape.Rank;
        int[] reduced = [.. settings.Axes.Select(axis => Resolved(axis, rank))];
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

    /// <remarks>An end before the first element is a number too small for any axis.</remarks>
    private static ExportValue Sliced(LayerExport layer)
    {
        Slice settings = layer.Layer<Slice>();
        ExportValue input = Ordered(layer);
        int rank = input.Shape.Rank;
        string[] inputs =
        [
            input.Name,
            layer.Graph.Integers($"{layer.Name}.starts", settings.Starts),
            layer.Graph.Integers($"{layer.Name}.ends", settings.Ends),
            layer.Graph.Integers($"{layer.Name}.axes", settings.Axes.Select(axis => input.AxisOf(Resolved(axis, rank)))),
        ];
        return layer.Emit(
            "Slice", input.Order, settings.Steps.Count == 0
                ? inputs
                : [.. inputs, layer.Graph.Integers($"{layer.Name}.steps", settings.Steps)]);
    }

    private static ExportValue Padded(LayerExport layer)
    {
        Pad settings = layer.Layer<Pad>();
        ExportValue input = Ordered(layer);
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

    private static ExportValue Gathered(LayerExport layer)
    {
        Gather settings = layer.Layer<Gather>();
        ExportValue input = Ordered(layer);
        return layer.Emit(
            "Gather",
            input.Order,
            [input.Name, layer.Graph.Integers($"{layer.Name}.indices", settings.Indices)],
            ExportGraph.Attribute("axis", input.AxisOf(Resolved(settings.Axis, input.Shape.Rank))));
    }

    private static ExportValue Expanded(LayerExport layer)
    {
        Shape input = layer.Input.Shape;
        Shape output = layer.OutputShape;
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
