using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Models;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The options that say what is done to the pixels of images before a network of an ONNX file, which does not say it itself.</summary>
internal sealed class PixelOptions
{
    private readonly Option<string> _order = CommandOptions.Order("The order of the colours that the network was trained with: rgb, the default, or bgr.");

    private readonly Option<float[]?> _mean = NumberOptions.RealOfEachChannel(
        "--mean", new RealRange(-1e6, 1e6), ImportedModel.Channels,
        "Subtracted from pixels of 0 to 255: one number, or one a channel in that order; by default 0.");

    private readonly Option<float[]?> _deviation = NumberOptions.RealOfEachChannel(
        "--std", new RealRange(1e-6, 1e6), ImportedModel.Channels,
        "What the differences are divided by: one number, or one a channel; by default 1.");

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_order, _mean, _deviation];

    /// <summary>Adds them to a command.</summary>
    public void AddTo(System.CommandLine.Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>What they say; null where they say nothing.</summary>
    public PixelSettings? Of(ParseResult parsed)
    {
        (string? order, float[]? mean, float[]? deviation) = (parsed.GetValue(_order), Given(parsed, _mean), Given(parsed, _deviation));
        return order is null && mean is null && deviation is null
            ? null
            : new PixelSettings(CommandOptions.ChannelOrderOf(order), default, mean, deviation);
    }

    // An option of a list that is left out is read as an empty list.
    private static float[]? Given(ParseResult parsed, Option<float[]?> option) => parsed.GetValue(option) is { Length: > 0 } numbers ? numbers : null;
}
