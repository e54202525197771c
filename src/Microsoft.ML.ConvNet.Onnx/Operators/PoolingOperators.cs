using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Import;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Pooling over sequences and images, and over all of them.</summary>
internal static class PoolingOperators
{
    private static readonly OperatorDefinition Maximum = new("MaxPool", MaxPool);
    private static readonly OperatorDefinition Average = new("AveragePool", AveragePool);
    private static readonly OperatorDefinition GlobalAverage = new("GlobalAveragePool", node => (OnnxValue)Global(node, isMean: true));

    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        OperatorRow.Of<MaxPool2D>(WriteMaximum2D, Maximum),
        OperatorRow.Of<MaxPool1D>(WriteMaximum1D, Maximum),
        OperatorRow.Of<AdaptiveMaxPool2D>(layer => WriteAdaptive(layer, "MaxPool", "ReduceMax"), Maximum),
        OperatorRow.Of<AvgPool2D>(WriteAverage2D, Average),
        OperatorRow.Of<AvgPool1D>(WriteAverage1D, Average),
        OperatorRow.Of<AdaptiveAvgPool2D>(layer => WriteAdaptive(layer, "AveragePool", "ReduceMean"), Average),
        OperatorRow.Of<LpPool2D>(WriteNorm, new OperatorDefinition("LpPool", LpPool)),
        OperatorRow.Of<GlobalAvgPool2D>(layer => WriteGlobal(layer, "GlobalAveragePool"), GlobalAverage),
        OperatorRow.Of<GlobalAvgPool1D>(layer => WriteGlobal(layer, "GlobalAveragePool"), GlobalAverage),
        OperatorRow.Of<GlobalMaxPool2D>(
            layer => WriteGlobal(layer, "GlobalMaxPool"),
            new OperatorDefinition("GlobalMaxPool", node => (OnnxValue)Global(node, isMean: false))),
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
        SymbolicTensor image = node.Writer.Image(input, node);
        int[] kernel = SpatialWindow.Numbers(node, "kernel_shape", input.Rank - 2, 0);
        return GraphWriter.FromImage(node.Apply(layer(SpatialWindow.Of(node, input, kernel)), image), input);
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

    private static ExportValue WriteMaximum2D(LayerExport layer)
    {
        MaxPool2D pool = layer.Layer<MaxPool2D>();
        return PoolingWindows.Of(layer, pool.PoolSize, pool.Stride ?? pool.PoolSize, pool.Dilation, pool.Padding)
            .Write(layer, "MaxPool", float.NegativeInfinity);
    }

    private static ExportValue WriteMaximum1D(LayerExport layer)
    {
        MaxPool1D pool = layer.Layer<MaxPool1D>();
        return PoolingWindows.Of(layer, pool.PoolSize, pool.Stride ?? pool.PoolSize, pool.Dilation, pool.Padding)
            .Write(layer, "MaxPool", float.NegativeInfinity);
    }

    private static ExportValue WriteAverage2D(LayerExport layer)
    {
        AvgPool2D pool = layer.Layer<AvgPool2D>();
        return PoolingWindows.Of(layer, pool.PoolSize, pool.Stride ?? pool.PoolSize, pool.Dilation, pool.Padding)
            .WriteAverage(layer, pool.CountIncludesPadding);
    }

    private static ExportValue WriteAverage1D(LayerExport layer)
    {
        AvgPool1D pool = layer.Layer<AvgPool1D>();
        return PoolingWindows.Of(layer, pool.PoolSize, pool.Stride ?? pool.PoolSize, pool.Dilation, pool.Padding)
            .WriteAverage(layer, pool.CountIncludesPadding);
    }

    private static ExportValue WriteNorm(LayerExport layer)
    {
        LpPool2D pool = layer.Layer<LpPool2D>();
        return PoolingWindows.Of(layer, pool.PoolSize, pool.Stride ?? pool.PoolSize, pool.Dilation, pool.Padding)
            .Write(layer, "LpPool", 0, ExportGraph.Attribute("p", pool.P));
    }

    private static ExportValue WriteGlobal(LayerExport layer, string operation)
    {
        string pooled = layer.Graph.Node(operation, $"{layer.Name}/pool", [layer.Graph.ChannelsFirst(layer.Input).Name]);
        return layer.Emit("Flatten", ExportOrder.AsIs, [pooled], ExportGraph.Attribute("axis", 1));
    }

    /// <remarks>
    /// Where the sizes divide it is a pooling; else every window along the height, then every window along the width, is reduced by itself,
    /// and the results are joined.
    /// </remarks>
    private static ExportValue WriteAdaptive(LayerExport layer, string pooling, string reduction)
    {
        Shape input = layer.Input.Shape;
        Shape output = layer.OutputShape;
        string source = layer.Graph.ChannelsFirst(layer.Input).Name;
        if (input[0] % output[0] == 0 && input[1] % output[1] == 0)
        {
            int[] kernel = [input[0] / output[0], input[1] / output[1]];
            return layer.Emit(pooling, ExportOrder.ChannelsFirst, [source], WindowAttributes.Of(kernel, kernel, [1, 1], [0, 0, 0, 0]));
        }

        string rows = Along(layer, reduction, source, 2, input[0], output[0], $"{layer.Name}/rows");
        return new ExportValue(Along(layer, reduction, rows, 3, input[1], output[1], layer.Name), output, ExportOrder.ChannelsFirst);
    }

    private static string Along(LayerExport layer, string reduction, string source, int axis, int length, int windows, string name)
    {
        ExportGraph graph = layer.Graph;
        string[] parts = new string[windows];
        for (int i = 0; i < windows; i++)
        {
            int start = (int)((long)i * length / windows);
            int end = (int)((((i + 1L) * length) + windows - 1) / windows);
            string axes = graph.Integers($"{name}/{i}/axis", axis);
            string part = graph.Node(
                "Slice", $"{name}/{i}/part",
                    [source, graph.Integers($"{name}/{i}/start", start), graph.Integers($"{name}/{i}/end", end), axes]);
            parts[i] = graph.Node(reduction, $"{name}/{i}", [part, axes]);
        }

        return graph.Node("Concat", name, parts, ExportGraph.Attribute("axis", axis));
    }
}
