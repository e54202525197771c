using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>What an import can be told.</summary>
public sealed class OnnxImportOptions
{
    /// <summary>Says nothing: all is as the properties have it.</summary>
    public OnnxImportOptions()
    {
    }

    /// <summary>Takes over what others say.</summary>
    internal OnnxImportOptions(OnnxImportOptions others)
    {
        OutputName = others.OutputName;
        KeepsChannelsLast = others.KeepsChannelsLast;
        IsForAnySize = others.IsForAnySize;
        InputDimensions = others.InputDimensions;
        AddsSoftmax = others.AddsSoftmax;
        Outputs = others.Outputs;
        MaximumWeightBytes = others.MaximumWeightBytes;
        Limits = others.Limits;
        MaximumFoldedBytes = others.MaximumFoldedBytes;
        MaximumFoldedMultiplyAdds = others.MaximumFoldedMultiplyAdds;
        foreach ((string name, OnnxTensor value) in others.Values)
        {
            Values[name] = value;
        }
    }

    /// <summary>
    /// What the network ends in: an output of the model, any value within its graph, or a node, of which it is the first value. What comes
    /// behind is left out, as the classifier of a network whose features are wanted. The model's first output where none is named.
    /// </summary>
    public string? OutputName { get; set; }

    /// <summary>
    /// Whether an image that the network ends in, <c>[N, C, H, W]</c> in ONNX, is given as the engine keeps images, <c>[H, W, C]</c>, so that
    /// further layers can be put behind it; else as <c>[C, H, W]</c>. What is no image of more than one pixel is the same with both.
    /// </summary>
    public bool KeepsChannelsLast { get; set; }

    /// <summary>
    /// Whether the network is to take images of another size afterwards: poolings over the whole image are so at any size, even where the model
    /// gives their windows as numbers.
    /// </summary>
    internal bool IsForAnySize { get; set; }

    /// <summary>
    /// The dimensions of the network's input, where the model leaves them open or others are wanted: as ONNX has them, <c>[N, C, H, W]</c>.
    /// Images may have another size than the model says where its nodes take one, as convolutions do; a pooling whose window is the whole
    /// image by the model's size is then one over the whole image.
    /// </summary>
    public IReadOnlyList<int>? InputDimensions { get; set; }

    /// <summary>
    /// Whether a softmax is put at the end of a network whose outputs are logits, so that it gives probabilities. A network that gives
    /// probabilities stays as it is.
    /// </summary>
    public bool AddsSoftmax { get; set; }

    /// <summary>
    /// What the model's outputs are, for <see cref="AddsSoftmax"/>. Where nothing is said it follows from how the graph makes them
    /// (<see cref="OutputAnalysis"/>): by a softmax, in one node or written out, clipped, scaled or averaged, or by sigmoids.
    /// </summary>
    public OutputKind? Outputs { get; set; }

    /// <summary>
    /// The most bytes that the network's weights take beyond four times what the file holds: a file may give weights as a shape and one
    /// number, or read the same numbers in many places. 2 GiB where nothing is said, more than ConvNeXt-XL's 1.4 GB.
    /// </summary>
    public long MaximumWeightBytes { get; set; } = 2L << 30;

    /// <summary>
    /// What the network may take for one sample of its input, as for networks from other files; <see cref="NetworkLimits.Default"/> where
    /// nothing is said. A network that was saved is read within those limits, too.
    /// </summary>
    public NetworkLimits? Limits { get; set; }

    /// <summary>
    /// The most bytes of values that are computed during the import, of constants and shapes, beyond four times what the file holds.
    /// 128 MiB where nothing is said.
    /// </summary>
    public long MaximumFoldedBytes { get; set; } = 128L << 20;

    /// <summary>
    /// The most multiply-adds with which constants are computed during the import; for a pooling the elements that its windows look at.
    /// 2^30 where nothing is said, less than a second.
    /// </summary>
    public long MaximumFoldedMultiplyAdds { get; set; } = 1L << 30;

    /// <summary>
    /// Values of the inputs other than the network's own, by name. The network's input is the first one of floating-point numbers that has
    /// no value, here or in the file. They are of the types that the model declares: see <see cref="OnnxTensor.OfIntegers"/> and
    /// <see cref="OnnxTensor.OfTruthValues"/>.
    /// </summary>
    public IDictionary<string, OnnxTensor> Values { get; } = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
}
