using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Export;

/// <summary>The order in which a value of the network lies in the exported graph.</summary>
internal enum ExportOrder
{
    /// <summary>As in the network: [N, ...].</summary>
    AsIs,

    /// <summary>With the innermost dimension after the batch: [N, C, ...].</summary>
    ChannelsFirst,

    /// <summary>A vector [N, F] that was flattened while its channels stood first.</summary>
    FlattenedChannelsFirst,
}

/// <summary>A value of the network in the exported graph.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Shape">Its shape in the network, without the batch.</param>
/// <param name="Order">How it lies in the graph.</param>
internal sealed record ExportValue(string Name, Shape Shape, ExportOrder Order)
{
    /// <summary>The shape before it was flattened, for <see cref="ExportOrder.FlattenedChannelsFirst"/>.</summary>
    public Shape Source { get; init; }

    /// <summary>The numbers of a constant, in the order of the network; null where the graph computes the value.</summary>
    public float[]? Constant { get; init; }

    /// <summary>The axis of the graph that holds a dimension of the shape.</summary>
    public int AxisOf(int dimension) => Order == ExportOrder.ChannelsFirst
        ? dimension == Shape.Rank - 1 ? 1 : dimension + 2
        : dimension + 1;
}
