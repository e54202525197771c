using System.Collections.Frozen;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>Every layer and operator that ONNX and this library share, in a row of its own, by groups.</summary>
internal static class OperatorRows
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        .. ActivationOperators.All,
        .. ArithmeticOperators.All,
        .. ComparisonOperators.All,
        .. ConvolutionOperators.All,
        .. PoolingOperators.All,
        .. NormalizationOperators.All,
        .. ProductOperators.All,
        .. SoftmaxOperators.All,
        .. ShapeOperators.All,
        .. SelectionOperators.All,
        .. JoiningOperators.All,
        .. PaddingOperators.All,
        .. ReductionOperators.All,
        .. ResizingOperators.All,
        .. RegionOperators.All,
        .. TypeOperators.All,
        .. ConstantOperators.All,
    ];

    /// <summary>The operators that can be read.</summary>
    public static OperatorSet Readable { get; } = new(All.SelectMany(row => row.Read).Distinct(), OperatorSchemas.All);

    private static readonly FrozenDictionary<Type, Func<LayerExport, ExportValue>> Writers =
        All.Where(row => row.Layer is not null).ToFrozenDictionary(row => row.Layer!, row => row.Write!);

    /// <summary>Writes a layer.</summary>
    /// <exception cref="NotSupportedException">ONNX has nothing for it.</exception>
    public static ExportValue Write(LayerExport layer)
    {
        if (!Writers.TryGetValue(layer.Node.Layer.GetType(), out Func<LayerExport, ExportValue>? write))
        {
            throw new NotSupportedException(
                $"{layer.Node.Layer.Kind} \"{layer.Name}\": is one of the layers that ONNX has operators for. Received: another one.");
        }

        // A constant has no batch, which is enough where it is broadcast to what has one.
        bool isBroadcast = layer.Node.Layer is BroadcastLayer or Add or MatMul && layer.Inputs.Any(input => input.Constant is null);
        return write(isBroadcast ? layer : layer with { Inputs = [.. layer.Inputs.Select(layer.Graph.WithBatch)] });
    }
}
