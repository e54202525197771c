namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>What an export can be told.</summary>
public sealed class OnnxExportOptions
{
    /// <summary>What is subtracted from the input before the network: one number, or one a channel, or a mean image <c>[H, W, C]</c>. None where not given.</summary>
    public IReadOnlyList<float>? InputOffsets { get; set; }

    /// <summary>What the differences are multiplied by: one number, or one a channel, or one for each value. 1 where not given.</summary>
    public IReadOnlyList<float>? InputScales { get; set; }

    /// <summary>
    /// The names of the classes, one an output of the network, in their order. The file has them among its metadata (<c>metadata_props</c>), under
    /// the key <c>names</c>, as a JSON list of strings: <c>["cat", "dog"]</c>. None where not given.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; set; }
}
