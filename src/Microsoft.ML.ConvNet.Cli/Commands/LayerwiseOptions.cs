using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The options of a training that begins with nothing which say how single layers and outputs of the network learn.</summary>
internal sealed class LayerwiseOptions
{
    private readonly Option<double?> _l1Decay = NumberOptions.Real(
        "--l1-decay", new RealRange(0, 1000), "The factor of the weights' signs that is added to their gradient; by default 0.");

    private readonly Option<HeadLoss[]?> _headLosses = SettingText.List(
        "--head-loss",
        "HEAD:SETTING=VALUE,...",
        "How an auxiliary output is trained, by its layer's name or a pattern of it, such as aux*:loss=focal,gamma=1,weight=0.1; by default as the "
        + "network's own output, with the weight that the network has for it. May be given several times.",
        LossSettings.Head);

    private readonly Option<ParameterGroup[]?> _groups = SettingText.List(
        "--parameter-group",
        "LAYERS:SETTING=VALUE,...",
        "Layers that are trained in a way of their own, by name or pattern, such as conv*:learning-rate-factor=0.1,weight-decay=0 or stem*:frozen. May be "
        + "given several times; the first that names a layer counts for it.",
        LossSettings.Group);

    /// <summary>Adds them to a command.</summary>
    public void AddTo(System.CommandLine.Command command)
    {
        command.Add(_l1Decay);
        command.Add(_headLosses);
        command.Add(_groups);
    }

    /// <summary>Settings with what the options say.</summary>
    public TrainingSettings AddTo(TrainingSettings settings, ParseResult parsed) => settings with
    {
        L1Decay = parsed.GetValue(_l1Decay),
        HeadLosses = parsed.GetValue(_headLosses) ?? [],
        ParameterGroups = parsed.GetValue(_groups) ?? [],
    };
}
