using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>What an ONNX model may take when it is imported, as options of the commands that import one.</summary>
internal sealed class ImportLimits
{
    private static readonly OnnxImportOptions Usual = new();

    private readonly Option<long?> _weights = Limit(
        WeightBytes, "bytes that the weights may take beyond four times what the file holds", Usual.MaximumWeightBytes);

    private readonly Option<long?> _activations = Limit(
        ActivationBytes, "bytes that the values of layers may take at once for one image", NetworkLimits.Default.MostBytesOfActivations);

    private readonly Option<long?> _layer = Limit(
        LayerBytes, "bytes that a layer may read and write for one image", NetworkLimits.Default.MostBytesOfLayer);

    private readonly Option<long?> _folded = Limit(
        FoldedBytes, "bytes of values that are computed during the import, beyond four times what the file holds", Usual.MaximumFoldedBytes);

    private readonly Option<long?> _multiplyAdds = Limit(
        FoldedMultiplyAdds, "multiply-adds with which constants are computed during the import", Usual.MaximumFoldedMultiplyAdds);

    /// <summary>The option for <see cref="OnnxImportOptions.MaximumWeightBytes"/>.</summary>
    public const string WeightBytes = "--max-weight-bytes";

    /// <summary>The option for <see cref="NetworkLimits.MostBytesOfActivations"/>.</summary>
    public const string ActivationBytes = "--max-activation-bytes";

    /// <summary>The option for <see cref="NetworkLimits.MostBytesOfLayer"/>.</summary>
    public const string LayerBytes = "--max-layer-bytes";

    /// <summary>The option for <see cref="OnnxImportOptions.MaximumFoldedBytes"/>.</summary>
    public const string FoldedBytes = "--max-folded-bytes";

    /// <summary>The option for <see cref="OnnxImportOptions.MaximumFoldedMultiplyAdds"/>.</summary>
    public const string FoldedMultiplyAdds = "--max-folded-multiply-adds";

    /// <summary>Gives a command the options.</summary>
    public void AddTo(System.CommandLine.Command command)
    {
        foreach (Option option in (Option[])[_weights, _activations, _layer, _folded, _multiplyAdds])
        {
            command.Add(option);
        }
    }

    /// <summary>The limits that a command line has; the usual ones where it says nothing.</summary>
    public OnnxImportOptions Of(ParseResult parsed) => new()
    {
        MaximumWeightBytes = parsed.GetValue(_weights) ?? Usual.MaximumWeightBytes,
        Limits = NetworkLimits.Default with
        {
            MostBytesOfActivations = parsed.GetValue(_activations) ?? NetworkLimits.Default.MostBytesOfActivations,
            MostBytesOfLayer = parsed.GetValue(_layer) ?? NetworkLimits.Default.MostBytesOfLayer,
        },
        MaximumFoldedBytes = parsed.GetValue(_folded) ?? Usual.MaximumFoldedBytes,
        MaximumFoldedMultiplyAdds = parsed.GetValue(_multiplyAdds) ?? Usual.MaximumFoldedMultiplyAdds,
    };

    private static Option<long?> Limit(string name, string what, long usual) => NumberOptions.LongInteger(
        name, 0, long.MaxValue, $"The most {what}; by default {ProgressText.Number(usual)}.");
}
