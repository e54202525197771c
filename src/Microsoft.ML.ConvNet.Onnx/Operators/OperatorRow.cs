using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>A layer and what it is in ONNX, both ways; or operators that are read as other layers.</summary>
/// <param name="Layer">The layer that is written; null where the operators are only read.</param>
/// <param name="Write">Writes it into a graph.</param>
/// <param name="Read">The operators that are read as the layer, or as several. Rows may share one.</param>
internal sealed record OperatorRow(Type? Layer, Func<LayerExport, ExportValue>? Write, IReadOnlyList<OperatorDefinition> Read)
{
    /// <summary>A layer that is written, and read from operators.</summary>
    public static OperatorRow Of<TLayer>(Func<LayerExport, ExportValue> write, params OperatorDefinition[] read)
        where TLayer : Layer =>
        new(typeof(TLayer), write, read);

    /// <summary>Operators that no layer is written with.</summary>
    public static OperatorRow OnlyRead(params OperatorDefinition[] read) => new(null, null, read);
}
