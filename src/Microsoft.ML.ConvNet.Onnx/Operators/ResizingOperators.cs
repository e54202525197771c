using System.Globalization;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Images of another size.</summary>
internal static class ResizingOperators
{
    private const int RegionAndSizes = 11;

    private static readonly OperatorDefinition Resizing = new("Resize", Resize);

    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<Resize2D>(WriteResize, Resizing),
        OperatorRow.Of<Upsample2D>(WriteUpsample, Resizing),
        OperatorRow.OnlyRead(new OperatorDefinition("Upsample", Upsample)),
    ];

    private static GraphValue Upsample(NodeContext node)
    {
        GraphValue input = node.Graph(0);
        IReadOnlyList<float> scales = node.Attributes.Floats("scales") ?? node.Floats(1);
        return Resized(node, input, OfScales(node, input, scales), ResizeCoordinates.Asymmetric, NearestRounding.Floor);
    }

    private static GraphValue Resize(NodeContext node)
    {
        GraphValue input = node.Graph(0);
        if (node.Opset < RegionAndSizes)
        {
            return Resized(node, input, OfScales(node, input, node.Floats(1)), ResizeCoordinates.Asymmetric, NearestRounding.Floor);
        }

        if (node.Attributes.Flag("antialias") || node.Attributes.Text("keep_aspect_ratio_policy", "stretch") != "stretch")
        {
            throw node.Unsupported("it stretches and does not smooth. Received: keep_aspect_ratio_policy or antialias");
        }

        bool hasSizes = node.Has(3) && node.Constant(3).Count > 0;
        (int[] Size, float[] Scales) size = hasSizes
            ? (OfSizes(node, input), [0, 0])
            : OfScales(node, input, OfAxes(node, input, node.Floats(2), _ => 1));
        NearestRounding rounding = node.Attributes.Text("nearest_mode", "round_prefer_floor") switch
        {
            "round_prefer_floor" => NearestRounding.RoundPreferFloor,
            "round_prefer_ceil" => NearestRounding.RoundPreferCeil,
            "floor" => NearestRounding.Floor,
            "ceil" => NearestRounding.Ceil,
            string other => throw node.Unsupported(
                "nearest_mode is round_prefer_floor, round_prefer_ceil, floor or ceil. "
                + $"Received: {OnnxText.Quoted(other)}"),
        };
        return Resized(node, input, size, Coordinates(node, size.Size), rounding);
    }

    private static ResizeCoordinates Coordinates(NodeContext node, int[] size)
    {
        string given = node.Attributes.Text("coordinate_transformation_mode", "half_pixel");
        return given switch
        {
            "half_pixel" => ResizeCoordinates.HalfPixel,
            "pytorch_half_pixel" when size.All(length => length > 1) => ResizeCoordinates.HalfPixel,
            "align_corners" => ResizeCoordinates.AlignCorners,
            "asymmetric" => ResizeCoordinates.Asymmetric,
            _ => throw node.Unsupported(
                "coordinate_transformation_mode is half_pixel, pytorch_half_pixel, align_corners or asymmetric. "
                + $"Received: {OnnxText.Quoted(given)}"),
        };
    }

    private static GraphValue Resized(NodeContext node, GraphValue input, (int[] Size, float[] Scales) to,
        ResizeCoordinates coordinates,
        NearestRounding rounding)
    {
        ResizeMode mode = node.Attributes.Text("mode", "nearest") switch
        {
            "nearest" => ResizeMode.Nearest,
            "linear" or "bilinear" => ResizeMode.Bilinear,
            string other => throw node.Unsupported($"mode is nearest or linear. Received: {OnnxText.Quoted(other)}"),
        };
        SymbolicTensor image = node.Writer.Image(input, node);
        bool isImage = to.Size.Length == 2;
        Resize2D layer = new(new Size2D(isImage ? to.Size[0] : 1, to.Size[^1]))
        {
            Mode = mode,
            Coordinates = coordinates,
            Rounding = mode == ResizeMode.Nearest ? rounding : default,
            VerticalScale = isImage ? to.Scales[0] : 0,
            HorizontalScale = to.Scales[^1],
        };
        return GraphWriter.FromImage(node.Apply(layer, image), input);
    }

    /// <remarks>
    /// The size is the length times the scale, rounded down, in 32-bit floats, as ONNX and its runtime compute it. Positions are found by
    /// the scale itself, which is not the ratio of the sizes where something was cut off.
    /// </remarks>
    private static (int[] Size, float[] Scales) OfScales(NodeContext node, GraphValue input, IReadOnlyList<float> scales)
    {
        if (scales.Count != input.Rank || scales[0] != 1 || scales[1] != 1)
        {
            throw node.Unsupported(
                "its scales are 1 for the batch and the channels. "
                + $"Received: [{string.Join(", ", scales.Select(scale => scale.ToString(CultureInfo.InvariantCulture)))}]");
        }

        int[] size = new int[input.Rank - 2];
        float[] own = new float[size.Length];
        for (int axis = 0; axis < size.Length; axis++)
        {
            int length = input.LogicalDimensions[axis + 2];
            float scale = scales[axis + 2];
            float floored = MathF.Floor(length * scale);
            if (!(floored >= 1 && floored < int.MaxValue))
            {
                throw node.Unsupported(FormattableString.Invariant(
                    $"its scales give sizes of at least 1. Received: {floored} of {length}"));
            }

            size[axis] = (int)floored;
            float ratio = size[axis] / (float)length;
            own[axis] = scale == ratio || scale == MathF.BitIncrement(ratio) ? 0 : scale;
        }

        return (size, own);
    }

    private static int[] OfSizes(NodeContext node, GraphValue input)
    {
        long[] sizes = OfAxes(node, input, node.Integers(3), axis => input.LogicalDimensions[axis]);
        return sizes.Length == input.Rank && sizes[0] == input.LogicalDimensions[0] && sizes[1] == input.LogicalDimensions[1]
            && sizes.All(size => size is >= 1 and <= int.MaxValue)
            ? [.. sizes.Skip(2).Select(size => (int)size)]
            : throw node.Unsupported(
                "its sizes keep the batch and the channels. "
                + $"Received: [{string.Join(", ", sizes)}] for {OnnxText.Dimensions(input.LogicalDimensions)}");
    }

    /// <summary>Numbers for all axes where they are given for some.</summary>
    private static T[] OfAxes<T>(NodeContext node, GraphValue input, T[] given, Func<int, T> otherwise)
    {
        if (node.Attributes.Ints("axes") is not { } axes)
        {
            return given;
        }

        if (axes.Count != given.Length)
        {
            throw node.Malformed($"there is a number for each of its {axes.Count} axes. Received: {given.Length}");
        }

        T[] all = [.. Enumerable.Range(0, input.Rank).Select(otherwise)];
        for (int i = 0; i < given.Length; i++)
        {
            all[node.Axis(axes[i], input.Rank)] = given[i];
        }

        return all;
    }

    private static ExportValue WriteResize(LayerExport layer)
    {
        Resize2D settings = layer.Layer<Resize2D>();
        return Write(layer, settings.Mode, settings.Coordinates, settings.Rounding, settings.VerticalScale, settings.HorizontalScale);
    }

    private static ExportValue WriteUpsample(LayerExport layer)
    {
        Upsample2D settings = layer.Layer<Upsample2D>();
        return settings.Mode == ResizeMode.Nearest
            ? Write(layer, settings.Mode, ResizeCoordinates.Asymmetric, NearestRounding.Floor)
            : Write(layer, settings.Mode, settings.Coordinates, default);
    }

    /// <remarks>
    /// Sizes would have to name the batch or the axes; ONNX Runtime loses the axes where it moves a transposition through the node.
    /// </remarks>
    private static ExportValue Write(
        LayerExport layer, ResizeMode mode, ResizeCoordinates coordinates, NearestRounding rounding, float verticalScale = 0,
        float horizontalScale = 0)
    {
        string place = coordinates switch
        {
            ResizeCoordinates.AlignCorners => "align_corners",
            ResizeCoordinates.Asymmetric => "asymmetric",
            _ => "half_pixel",
        };
        string nearest = rounding switch
        {
            NearestRounding.RoundPreferCeil => "round_prefer_ceil",
            NearestRounding.Floor => "floor",
            NearestRounding.Ceil => "ceil",
            _ => "round_prefer_floor",
        };
        float rows = ScaleOf(layer.Input.Shape[0], layer.OutputShape[0], verticalScale);
        float columns = ScaleOf(layer.Input.Shape[1], layer.OutputShape[1], horizontalScale);
        string scales = layer.Graph.Floats($"{layer.Name}.scales", [4], [1, 1, rows, columns]);
        return layer.Emit(
            "Resize",
            ExportOrder.ChannelsFirst,
            [layer.Graph.ChannelsFirst(layer.Input).Name, string.Empty, scales],
            ExportGraph.Attribute("mode", mode == ResizeMode.Nearest ? "nearest" : "linear"),
            ExportGraph.Attribute("coordinate_transformation_mode", place),
            ExportGraph.Attribute("nearest_mode", nearest));
    }

    /// <summary>
    /// A scale that gives a length: the one given, or the ratio. Where the product of the ratio is less than the length before it is rounded
    /// it is the next float, for readers multiply in different precisions.
    /// </summary>
    private static float ScaleOf(int input, int output, float given)
    {
        float scale = given == 0 ? output / (float)input : given;
        return given == 0 && (double)input * scale < output ? MathF.BitIncrement(scale) : scale;
    }
}
