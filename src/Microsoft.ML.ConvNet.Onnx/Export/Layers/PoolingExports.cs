using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Export.Layers;

/// <summary>Poolings.</summary>
internal static class PoolingExports
{
    /// <summary>The layers.</summary>
    public static IEnumerable<KeyValuePair<Type, Func<LayerExport, ExportValue>>> All { get; } =
    [
        Of<MaxPool2D>((layer, pool) => Window(
            layer, "MaxPool", WindowAttributes.Of(layer, pool.PoolSize, pool.Stride ?? pool.PoolSize, pool.Dilation, pool.Padding),
                pool.Ceiling)),
        Of<AvgPool2D>((layer, pool) => Window(
            layer,
            "AveragePool",
            [.. WindowAttributes.Of(layer, pool.PoolSize, pool.Stride ?? pool.PoolSize, pool.Dilation, pool.Padding),
                Counts(pool.CountIncludesPadding)],
            pool.Ceiling)),
        Of<LpPool2D>((layer, pool) => Window(
            layer,
            "LpPool",
            [.. WindowAttributes.Of(layer, pool.PoolSize, pool.Stride ?? pool.PoolSize, pool.Dilation, pool.Padding),
                ExportGraph.Attribute("p", pool.P)],
            pool.Ceiling)),
        Of<MaxPool1D>((layer, pool) => Window(
            layer, "MaxPool", WindowAttributes.Of(layer, pool.PoolSize, pool.Stride ?? pool.PoolSize, pool.Dilation, pool.Padding),
                pool.Ceiling)),
        Of<AvgPool1D>((layer, pool) => Window(
            layer,
            "AveragePool",
            [.. WindowAttributes.Of(layer, pool.PoolSize, pool.Stride ?? pool.PoolSize, pool.Dilation, pool.Padding),
                Counts(pool.CountIncludesPadding)],
            pool.Ceiling)),
        Of<GlobalAvgPool2D>((layer, _) => Global(layer, "GlobalAveragePool")),
        Of<GlobalMaxPool2D>((layer, _) => Global(layer, "GlobalMaxPool")),
        Of<GlobalAvgPool1D>((layer, _) => Global(layer, "GlobalAveragePool")),
        Of<AdaptiveAvgPool2D>((layer, _) => Adaptive(layer, "AveragePool", "ReduceMean")),
        Of<AdaptiveMaxPool2D>((layer, _) => Adaptive(layer, "MaxPool", "ReduceMax")),
    ];

    private static KeyValuePair<Type, Func<LayerExport, ExportValue>> Of<T>(Func<LayerExport, T, ExportValue> export)
        where T : Layer =>
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(T), layer => export(layer, layer.Layer<T>()));

    private static AttributeProto Counts(bool includesPadding) => ExportGraph.Attribute("count_include_pad", includesPadding ? 1 : 0);

    private static ExportValue Window(LayerExport layer, string operation, AttributeProto[] attributes, bool ceiling) => layer.Emit(
        operation,
        ExportOrder.ChannelsFirst,
        [layer.Graph.ChannelsFirst(layer.Input).Name],
        ceiling ? [.. attributes, ExportGraph.Attribute("ceil_mode", 1)] : attributes);

    private static ExportValue Global(LayerExport layer, string operation)
    {
        string pooled = layer.Graph.Node(operation, $"{layer.Name}/pool", [layer.Graph.ChannelsFirst(layer.Input).Name]);
        return layer.Emit("Flatten", ExportOrder.AsIs, [pooled], ExportGraph.Attribute("axis", 1));
    }

    /// <remarks>
    /// Where the sizes divide it is a pooling; else every window along the height, then every window along the width, is reduced by itself,
    /// and the results are joined.
    /// </remarks>
    private static ExportValue Adaptive(LayerExport layer, string pooling, string reduction)
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
