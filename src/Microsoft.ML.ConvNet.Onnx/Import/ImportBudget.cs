using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>
/// What an import may take: memory and time that follow from the file's size are free, and beyond them a small file may not ask for more
/// than the options allow. Everything is refused before it is begun.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="fileBytes">What the file holds.</param>
internal sealed class ImportBudget(OnnxImportOptions options, long fileBytes)
{
    /// <summary>Half precision becomes two times as large here, bytes four times; a weight that is normalised has so many values.</summary>
    private const int TimesFile = 4;

    private long _foldedBytes;
    private long _multiplyAdds;

    private long AllowedBytes => Sum(options.MaximumFoldedBytes, TimesFile * fileBytes);

    /// <summary>Demands that a value which is computed during the import may take memory.</summary>
    /// <param name="node">The node that gives it, or needs it as an array.</param>
    /// <param name="dimensions">Its dimensions.</param>
    /// <param name="areFloats">Whether an element takes 4 bytes; else 8.</param>
    /// <exception cref="OnnxImportException">It may not.</exception>
    public void RequireFolded(NodeContext node, IReadOnlyList<int> dimensions, bool areFloats)
    {
        double bytes = dimensions.Aggregate(areFloats ? sizeof(float) : (double)sizeof(long), (product, dimension) => product * dimension);
        if (_foldedBytes + bytes > AllowedBytes)
        {
            throw node.Unsupported(FormattableString.Invariant(
                $"values that are computed at import take at most {AllowedBytes:N0} bytes, by {nameof(OnnxImportOptions)}.")
                + FormattableString.Invariant($"{nameof(OnnxImportOptions.MaximumFoldedBytes)}. ")
                + FormattableString.Invariant($"Received: {OnnxText.Dimensions(dimensions)}, {_foldedBytes + bytes:N0} bytes in all"));
        }
    }

    /// <summary>
    /// Counts values that were computed, for they are held to the end of the import. Those whose elements are an input's, in the same memory,
    /// take none.
    /// </summary>
    /// <exception cref="OnnxImportException">They may not take so much.</exception>
    public void Add(NodeContext node, IEnumerable<OnnxValue> values)
    {
        OnnxTensor[] inputs = [.. node.Inputs.OfType<ConstantValue>().Select(value => value.Tensor)];
        foreach (OnnxTensor tensor in values.OfType<ConstantValue>().Select(value => value.Tensor))
        {
            if (!tensor.IsUniform && !inputs.Any(tensor.SharesElements))
            {
                RequireFolded(node, tensor.Dimensions, tensor.IsFloatingPoint);
                _foldedBytes += tensor.Bytes;
            }
        }
    }

    /// <summary>Demands that a network of constants may be computed during the import, and counts it.</summary>
    /// <exception cref="OnnxImportException">It may not.</exception>
    public void RequireFolding(NodeContext node, Network network)
    {
        _multiplyAdds = Sum(_multiplyAdds, MultiplyAdds(network));
        if (_multiplyAdds > options.MaximumFoldedMultiplyAdds)
        {
            throw node.Unsupported(FormattableString.Invariant(
                $"constants are computed at import with at most {options.MaximumFoldedMultiplyAdds:N0} multiply-adds, by ")
                + FormattableString.Invariant($"{nameof(OnnxImportOptions)}.{nameof(OnnxImportOptions.MaximumFoldedMultiplyAdds)}. ")
                + FormattableString.Invariant($"Received: {_multiplyAdds:N0}"));
        }
    }

    /// <summary>Demands that the weights of a network, and what it computes for one sample, may take memory.</summary>
    /// <exception cref="OnnxImportException">They may not.</exception>
    public void RequireNetwork(Network network)
    {
        long weights = network.Parameters.Sum(parameter => (long)parameter.Shape.ElementCount) * sizeof(float);
        long allowed = Sum(options.MaximumWeightBytes, TimesFile * fileBytes);
        if (weights > allowed)
        {
            throw new OnnxImportException(
                FormattableString.Invariant($"The memory for the weights is at most {allowed:N0} bytes, by {nameof(OnnxImportOptions)}.")
                + FormattableString.Invariant($"{nameof(OnnxImportOptions.MaximumWeightBytes)}. Received: {weights:N0} bytes."));
        }

        try
        {
            (options.Limits ?? NetworkLimits.Default).Require(network);
        }
        catch (ModelFormatException exception)
        {
            throw new OnnxImportException(exception.Message, exception);
        }
    }

    /// <summary>The multiply-adds of convolutions and products, and the elements that windows of poolings look at.</summary>
    private static long MultiplyAdds(Network network) => network.Summary().Layers.Zip(network.Nodes).Aggregate(
        0L, (sum, layer) => Sum(sum, Math.Max(layer.First.MultiplyAdds, layer.Second.OutputShape.ElementCount * Window(layer.Second.Layer))));

    private static long Window(Layer layer) => layer switch
    {
        MaxPool2D pool => (long)pool.PoolSize.Height * pool.PoolSize.Width,
        AvgPool2D pool => (long)pool.PoolSize.Height * pool.PoolSize.Width,
        LpPool2D pool => (long)pool.PoolSize.Height * pool.PoolSize.Width,
        LocalResponseNorm norm => norm.Size,
        _ => 1,
    };

    private static long Sum(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}
