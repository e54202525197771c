namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>What an import can be told.</summary>
public sealed class OnnxImportOptions
{
    /// <summary>The output that the network ends in; the first where none is named.</summary>
    public string? OutputName { get; set; }

    /// <summary>
    /// The dimensions of the network's input, where the model leaves them open or others are wanted: as ONNX has them, <c>[N, C, H, W]</c>.
    /// </summary>
    public IReadOnlyList<int>? InputDimensions { get; set; }

    /// <summary>Whether a softmax is put at the end of a network that has none, so that it gives probabilities instead of logits.</summary>
    public bool AddsSoftmax { get; set; }

    /// <summary>
    /// Values of the inputs other than the network's own, by name. The network's input is the first one of floating-point numbers that has
    /// no value, here or in the file.
    /// </summary>
    public IDictionary<string, OnnxTensor> Values { get; } = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
}
