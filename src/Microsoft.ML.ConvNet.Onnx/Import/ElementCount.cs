namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>How many elements dimensions have.</summary>
internal static class ElementCount
{
    /// <summary>The most elements of a value that is computed during the import, of shapes and constants.</summary>
    public const long MaximumFolded = 1 << 24;

    /// <summary>The product of dimensions.</summary>
    /// <exception cref="OverflowException">It is more than an array holds.</exception>
    public static int Of(IEnumerable<int> dimensions) => dimensions.Aggregate(1, (product, dimension) => checked(product * dimension));

    /// <summary>The product of the dimensions of a value that is computed during the import, before memory is taken for it.</summary>
    /// <exception cref="OnnxImportException">It is over <see cref="MaximumFolded"/>, and over what the operands have together.</exception>
    public static int OfFolded(NodeContext node, IReadOnlyList<int> dimensions)
    {
        double count = dimensions.Aggregate(1.0, (product, dimension) => product * dimension);
        long operands = node.Inputs.OfType<ConstantValue>().Sum(value => (long)value.Tensor.Count);
        return count <= Math.Min(Math.Max(MaximumFolded, operands), int.MaxValue)
            ? (int)count
            : throw node.Unsupported(
                $"a value that is known at import has at most {MaximumFolded:N0} elements. Received: {OnnxText.Dimensions(dimensions)}");
    }
}
