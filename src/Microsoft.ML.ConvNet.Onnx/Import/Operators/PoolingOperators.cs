using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Onnx.Import.Operators;

/// <summary>Pooling over sequences and images, and over all of them.</summary>
internal static class PoolingOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorDefinition> All { get; } =
    [
        new OperatorDefinition("MaxPool", MaxPool),
        new OperatorDefinition("AveragePool", AveragePool),
        new OperatorDefinition("LpPool", LpPool),
        new OperatorDefinition("GlobalAveragePool", node => (OnnxValue)Global(node, isMean: true)),
        new OperatorDefinition("GlobalMaxPool", node => (OnnxValue)Global(node, isMean: false)),
    ];

    private static GraphValue MaxPool(NodeContext node)
    {
        if (node.HasOutput(1))
        {
            throw node.Unsupported("it gives the maxima. Received: a second output, their positions as whole numbers");
        }

        return Pool(node, window => new MaxPool2D(window.Kernel)
        {
            Stride = window.Stride,
            Padding = window.Padding,
            Dilation = window.Dilation,
            Ceiling = node.Attributes.Flag("ceil_mode"),
        });
    }

    private static GraphValue AveragePool(NodeContext node) => Pool(node, window => new AvgPool2D(window.Kernel)
    {
        Stride = window.Stride,
        Padding = window.Padding,
        Dilation = window.Dilation,
        Ceiling = node.Attributes.Flag("ceil_mode"),
        CountIncludesPadding = node.Attributes.Flag("count_include_pad"),
    });

    private static GraphValue LpPool(NodeContext node) => Pool(node, window => new LpPool2D(window.Kernel)
    {
        P = (int)node.Attributes.Int("p", 2),
        Stride = window.Stride,
        Padding = window.Padding,
        Dilation = window.Dilation,
        Ceiling = node.Attributes.Flag("ceil_mode"),
    });

    private static GraphValue Pool(NodeContext node, Func<SpatialWindow, Layer> layer)
    {
        GraphValue input = node.Graph(0);
        int[] kernel = SpatialWindow.Numbers(node, "kernel_shape", input.Rank - 2, 0);
        return GraphWriter.FromImage(node.Apply(layer(SpatialWindow.Of(node, input, kernel)), node.Writer.Image(input, node)), input);
    }

    private static GraphValue Global(NodeContext node, bool isMean)
    {
        GraphValue input = node.Graph(0);
        if (input.Rank < 3)
        {
            throw node.Malformed($"its input has spatial dimensions. Received: {OnnxText.Dimensions(input.LogicalDimensions)}");
        }

        int[] dimensions = [.. input.LogicalDimensions.Take(2), .. Enumerable.Repeat(1, input.Rank - 2)];
        return ReductionOperators.Reduce(node, input, isMean
            ? ReduceFunction.Mean
            : ReduceFunction.Max, [.. Enumerable.Range(2, input.Rank - 2)], dimensions, axis => axis);
    }
}
