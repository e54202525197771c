using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Softmax and its logarithm.</summary>
internal static class SoftmaxOperators
{
    private const int AlongOneAxis = 13;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        Of(new Softmax()),
        Of(new LogSoftmax()),
    ];

    /// <summary>A layer whose operator has its name.</summary>
    private static OperatorRow Of<TLayer>(TLayer layer)
        where TLayer : Layer =>
        OperatorRow.Of<TLayer>(
            written => AlongChannels(written, layer.Kind), new OperatorDefinition(layer.Kind, node => (OnnxValue)Import(node, layer)));

    /// <remarks>
    /// Since opset 13 the sum is along one axis; before, over all axes from one on. The order of what is summed over does not matter, so
    /// that those factors are put innermost as they come.
    /// </remarks>
    private static GraphValue Import(NodeContext node, Layer layer)
    {
        GraphValue value = node.Graph(0);
        bool isAlongOne = node.Opset >= AlongOneAxis;
        int first = value.Rank == 0 ? 0 : node.SampleAxis(node.Attributes.Int("axis", isAlongOne ? -1 : 1), value.Rank);
        AxisLayout layout = value.Layout.Joined();
        bool IsSummed(AxisFactor factor) => isAlongOne ? factor.Axis == first : factor.Axis >= first;
        int[] places = [.. Enumerable.Range(0, layout.Factors.Count).OrderBy(place => IsSummed(layout.Factors[place]))];
        GraphValue moved = node.Writer.Moved(value with { Layout = layout }, places, node.Name);
        int length = layout.Factors.Where(IsSummed).Aggregate(1, (product, factor) => product * factor.Extent);
        SymbolicTensor tensor = moved.Tensor.Shape.Channels == length
            ? moved.Tensor
            : node.Writer.Shaped(moved.Tensor, [moved.Tensor.Shape.ElementCount / length, length], node.Name);
        return moved with { Tensor = node.Apply(layer, tensor) };
    }

    /// <remarks>Over all elements of a vector their order does not matter.</remarks>
    private static ExportValue AlongChannels(LayerExport layer, string operation)
    {
        int axis = layer.Input.Order == ExportOrder.FlattenedChannelsFirst ? 1 : layer.Input.AxisOf(layer.Input.Shape.Rank - 1);
        return layer.EmitElementwise(operation, ExportGraph.Attribute("axis", axis));
    }
}
