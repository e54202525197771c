using System.Collections.Frozen;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Export.Layers;

namespace Microsoft.ML.ConvNet.Onnx.Export;

/// <summary>How each kind of layer is written with the operators of ONNX.</summary>
internal static class LayerExports
{
    private static readonly FrozenDictionary<Type, Func<LayerExport, ExportValue>> Exports = new[]
    {
        ConvolutionExports.All,
        PoolingExports.All,
        ActivationExports.All,
        NormalizationExports.All,
        ArithmeticExports.All,
        ArrayExports.All,
        JoiningExports.All,
        ResizingExports.All,
        RegionExports.All,
    }
    .SelectMany(group => group)
    .ToFrozenDictionary();

    /// <summary>The kinds of layers that can be exported.</summary>
    public static IEnumerable<Type> Kinds => Exports.Keys;

    /// <summary>Writes a layer.</summary>
    /// <exception cref="NotSupportedException">ONNX has nothing for it.</exception>
    public static ExportValue Write(LayerExport layer)
    {
        if (!Exports.TryGetValue(layer.Node.Layer.GetType(), out Func<LayerExport, ExportValue>? export))
        {
            throw new NotSupportedException(
                $"{layer.Node.Layer.Kind} \"{layer.Name}\": is one of the layers that ONNX has operators for. Received: another one.");
        }

        // A constant has no batch, which is enough where it is broadcast to what has one.
        bool isBroadcast = layer.Node.Layer is BroadcastLayer or Add or MatMul && layer.Inputs.Any(input => input.Constant is null);
        return export(isBroadcast ? layer : layer with { Inputs = [.. layer.Inputs.Select(layer.Graph.WithBatch)] });
    }
}
