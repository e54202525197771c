using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Export.Layers;

/// <summary>Concatenation, and products of two values.</summary>
internal static class JoiningExports
{
    /// <summary>The layers.</summary>
    public static IEnumerable<KeyValuePair<Type, Func<LayerExport, ExportValue>>> All { get; } =
    [
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(Concat), Concatenated),
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(MatMul), Multiplied),
    ];

    private static ExportValue Concatenated(LayerExport layer)
    {
        bool channelsFirst = layer.Inputs.Any(input => input.Order == ExportOrder.ChannelsFirst);
        ExportValue[] inputs = [
            .. layer.Inputs.Select(input => layer.Graph.In(input, channelsFirst ? ExportOrder.ChannelsFirst : ExportOrder.AsIs))];
        int axis = inputs[0].AxisOf(ArrayExports.Resolved(layer.Layer<Concat>().Axis, layer.OutputShape.Rank));
        return layer.Emit("Concat", inputs[0].Order, inputs.Select(input => input.Name), ExportGraph.Attribute("axis", axis));
    }

    /// <remarks>
    /// Vectors become matrices of one row or column, and operands of fewer dimensions get the missing ones behind the batch; the result is
    /// given the dimensions of the layer's.
    /// </remarks>
    private static ExportValue Multiplied(LayerExport layer)
    {
        Shape left = layer.Inputs[0].Shape;
        Shape right = layer.Inputs[1].Shape;
        int rank = Math.Max(Math.Max(left.Rank, right.Rank), 2);
        string first = Operand(layer, 0, left.Rank == 1 ? [1, left[0]] : [.. left], rank);
        string second = Operand(layer, 1, right.Rank == 1 ? [right[0], 1] : [.. right], rank);
        if (left.Rank > 1 && right.Rank > 1)
        {
            return layer.Emit("MatMul", ExportOrder.AsIs, [first, second]);
        }

        string product = layer.Graph.Node("MatMul", $"{layer.Name}/product", [first, second]);
        return layer.Emit("Reshape", ExportOrder.AsIs, [product, layer.Graph.Integers($"{layer.Name}.shape", [0, .. layer.OutputShape])]);
    }

    private static string Operand(LayerExport layer, int number, int[] dimensions, int rank)
    {
        ExportValue input = layer.Graph.AsIs(layer.Inputs[number]);
        if (dimensions.Length == rank && input.Shape.Rank == rank)
        {
            return input.Name;
        }

        int[] shape = [0, .. Enumerable.Repeat(1, rank - dimensions.Length), .. dimensions];
        return layer.Graph.Node(
            "Reshape", $"{layer.Name}/operand{number}", [input.Name, layer.Graph.Integers($"{layer.Name}/operand{number}/shape", shape)]);
    }
}
