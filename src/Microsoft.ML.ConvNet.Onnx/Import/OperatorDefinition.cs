namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>How an operator is imported.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Import">Writes it into the network; gives the values of its outputs.</param>
/// <param name="Since">The first opset that this is for.</param>
/// <param name="Until">The last one.</param>
internal sealed record OperatorDefinition(string Name, Func<NodeContext, IReadOnlyList<OnnxValue>> Import, int Since = 1,
    int Until = int.MaxValue)
{
    /// <summary>An operator with one output.</summary>
    public OperatorDefinition(string name, Func<NodeContext, OnnxValue> import, int since = 1, int until = int.MaxValue)
        : this(name, node => (IReadOnlyList<OnnxValue>)[import(node)], since, until)
    {
    }

    /// <summary>
    /// Computes the outputs when all inputs are known, without a network: moves elements, or computes with whole numbers. Null, or a null
    /// result, where that is the network's affair.
    /// </summary>
    public Func<NodeContext, IReadOnlyList<OnnxTensor>?>? Fold { get; init; }

    /// <summary>An operator that only makes sense of values that are known.</summary>
    public static OperatorDefinition OfConstants(string name, Func<NodeContext, OnnxTensor> fold) => new(
        name,
        (Func<NodeContext, OnnxValue>)(node => throw node.Unsupported(
            "its inputs are known when the model is imported. "
            + "Received: some that the graph computes")))
    {
        Fold = node => [fold(node)],
    };
}
