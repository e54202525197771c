using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Training.Losses;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>How each auxiliary output of a network is trained, as the options say.</summary>
internal static class HeadSettings
{
    /// <summary>The loss and weight of each auxiliary output; null where all are trained by the own output's loss, as the network says.</summary>
    public static AuxiliaryLoss[]? Of(TrainingOptions options, Network network) => options.HeadLosses.Count == 0 ? null :
    [
        .. network.AuxiliaryOutputs.Select(auxiliary =>
            SettingOf(options, network, auxiliary) is { } setting
                ? new AuxiliaryLoss(LossOf(setting, options.Loss), setting.Weight ?? auxiliary.Weight)
                : new AuxiliaryLoss(options.Loss, auxiliary.Weight)),
    ];

    /// <summary>Throws where a setting is out of its range, or names no auxiliary output.</summary>
    public static void Check(TrainingOptions options, Network network)
    {
        foreach (HeadLoss setting in options.HeadLosses)
        {
            ArgumentNullException.ThrowIfNull(setting);
            Setting.Require(!string.IsNullOrEmpty(setting.Head), "The loss of a head: a head has a name. Received: none.");
            Setting.Require(
                network.AuxiliaryOutputs.Any(auxiliary => NamesOf(network, auxiliary).Any(name => LayerPattern.Matches(setting.Head, name))),
                network.AuxiliaryOutputs.Count == 0
                    ? $"The loss of a head is for networks with auxiliary outputs. Received: \"{setting.Head}\", and a network without."
                    : "The loss of a head names an auxiliary output of the network: "
                        + $"{string.Join(", ", network.AuxiliaryOutputs.Select(auxiliary => NamesOf(network, auxiliary).Last()))}. Received: \"{setting.Head}\".");
            Setting.RequireRange(
                setting.Weight is null or (>= 0 and < float.PositiveInfinity), $"The head \"{setting.Head}\": the weight of its loss", "at least 0", setting.Weight);
            Loss loss = LossOf(setting, options.Loss);
            loss.Check(network.OutputShape.ElementCount);
            Setting.Require(
                Equals(loss.WeightsOfClasses, options.Loss.WeightsOfClasses),
                $"The head \"{setting.Head}\": its loss has the class weights of the network's own, {WeightText(options.Loss)}. Received: {WeightText(loss)}.");
        }
    }

    /// <summary>Throws where samples have no targets for the loss of a head.</summary>
    public static void CheckDataset(TrainingOptions options, Network network, ImageDataset training)
    {
        foreach (HeadLoss setting in options.HeadLosses)
        {
            TrainingChecks.CheckDataset(training, "training", network, LossOf(setting, options.Loss));
        }
    }

    private static string WeightText(Loss loss) => loss.WeightsOfClasses?.ToString() ?? Invariant($"none ({loss.Name})");

    private static Loss LossOf(HeadLoss setting, Loss own) => setting.Loss switch
    {
        null => own,
        ClassLoss { ClassWeights: null } loss when own.WeightsOfClasses is { } weights => loss with { ClassWeights = weights },
        _ => setting.Loss,
    };

    private static HeadLoss? SettingOf(TrainingOptions options, Network network, AuxiliaryOutput auxiliary) =>
        options.HeadLosses.FirstOrDefault(setting => NamesOf(network, auxiliary).Any(name => LayerPattern.Matches(setting.Head, name)));

    private static IEnumerable<string> NamesOf(Network network, AuxiliaryOutput auxiliary)
    {
        NetworkNode node = network.Nodes[auxiliary.Node];
        yield return node.Name;
        if (node.Layer is Softmax or LogSoftmax or Sigmoid && node.Inputs[0] >= 0)
        {
            yield return network.Nodes[node.Inputs[0]].Name;
        }
    }
}
