using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>Losses by their names, and what is said of single layers, with their settings.</summary>
internal static class LossSettings
{
    /// <summary>The losses of classes.</summary>
    public static IReadOnlyDictionary<string, Func<SettingText, ClassLoss>> Losses { get; } = new Dictionary<string, Func<SettingText, ClassLoss>>
    {
        ["cross-entropy"] = text => new SoftmaxCrossEntropy(text.Real("label-smoothing", 0)),
        ["focal"] = text => new FocalLoss(text.Real("gamma", new FocalLoss().Gamma)),
    };

    /// <summary>The loss of a head: <c>aux1:loss=focal,gamma=1,weight=0.3</c>.</summary>
    public static HeadLoss Head(SettingText text)
    {
        Func<SettingText, ClassLoss>? loss = text.Word("loss", null, Losses!);
        return new HeadLoss(text.Name) { Loss = loss?.Invoke(text), Weight = text.Real("weight") };
    }

    /// <summary>A group of layers: <c>conv*:learning-rate-factor=0.1,weight-decay=0</c>.</summary>
    public static ParameterGroup Group(SettingText text) => new(text.Name)
    {
        LearningRateFactor = text.Real("learning-rate-factor", 1),
        WeightDecay = text.Real("weight-decay"),
        IsFrozen = text.Flag("frozen"),
    };
}
