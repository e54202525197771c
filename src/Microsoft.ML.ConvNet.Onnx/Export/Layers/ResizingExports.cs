using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Onnx.Export.Layers;

/// <summary>Images of another size.</summary>
internal static class ResizingExports
{
    /// <summary>The layers.</summary>
    public static IEnumerable<KeyValuePair<Type, Func<LayerExport, ExportValue>>> All { get; } =
    [
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(Resize2D), layer =>
        {
            Resize2D settings = layer.Layer<Resize2D>();
            return Resized(layer, settings.Mode, settings.Coordinates, settings.Rounding);
        }),
        KeyValuePair.Create<Type, Func<LayerExport, ExportValue>>(typeof(Upsample2D), layer =>
        {
            Upsample2D settings = layer.Layer<Upsample2D>();
            return settings.Mode == ResizeMode.Nearest
                ? Resized(layer, settings.Mode, ResizeCoordinates.Asymmetric, NearestRounding.Floor)
                : Resized(layer, settings.Mode, settings.Coordinates, default);
        }),
    ];

    private static ExportValue Resized(LayerExport layer, ResizeMode mode, ResizeCoordinates coordinates, NearestRounding rounding)
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
        string sizes = layer.Graph.Integers($"{layer.Name}.sizes", layer.OutputShape[0], layer.OutputShape[1]);
        return layer.Emit(
            "Resize",
            ExportOrder.ChannelsFirst,
            [layer.Graph.ChannelsFirst(layer.Input).Name, string.Empty, string.Empty, sizes],
            ExportGraph.Attribute("axes", [2, 3]),
            ExportGraph.Attribute("mode", mode == ResizeMode.Nearest ? "nearest" : "linear"),
            ExportGraph.Attribute("coordinate_transformation_mode", place),
            ExportGraph.Attribute("nearest_mode", nearest));
    }
}
