namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>How many elements dimensions have.</summary>
internal static class ElementCount
{
    /// <summary>The product of dimensions.</summary>
    /// <exception cref="OverflowException">It is more than an array holds.</exception>
    public static int Of(IEnumerable<int> dimensions) => dimensions.Aggregate(1, (product, dimension) => checked(product * dimension));

    /// <summary>The product of the dimensions of a value that is computed during the import, before memory is taken for it.</summary>
    /// <exception cref="OnnxImportException">The import may not take so much memory.</exception>
    public static int OfFolded(NodeContext node, IReadOnlyList<int> dimensions)
    {
        node.Writer.Budget.RequireFolded(node, dimensions, areFloats: false);
        return Of(dimensions);
    }
}
