namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>How an operator is imported.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Import">Writes it into the network; gives the values of its outputs.</param>
/// <param name="Since">The first opset that this is for.</param>
/// <param name="Until">The last one.</param>
internal sealed record OperatorDefinition(string Name, Func<NodeContext, IReadOnlyList<OnnxValue>> Import, int Since = 1, int Until = int.MaxValue)
{
    /// <summary>An operator with one output.</summary>
    public OperatorDefinition(string name, Func<NodeContext, OnnxValue> import, int since = 1, int until = int.MaxValue)
        : this(name, node => (IReadOnlyList<OnnxValue>)[import(node)], since, until)
    {
    }
}
