using System.Text.RegularExpressions;
using Microsoft.ML.ConvNet.Cli.Commands;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Training;
using FineTuning = Microsoft.ML.ConvNet.ConvNetFineTuningTrainer.Options;

namespace Microsoft.ML.ConvNet.Cli;

/// <summary>
/// What the libraries say of their options, in the words of this tool: who runs it has <c>--max-weight-bytes</c> and no
/// <c>OnnxImportOptions.MaximumWeightBytes</c>.
/// </summary>
internal static class LibraryTerms
{
    private const string Import = nameof(OnnxImportOptions);

    private static readonly (string Term, string Option)[] Options =
    [
        ($"{Import}.{nameof(OnnxImportOptions.MaximumWeightBytes)}", ImportLimits.WeightBytes),
        ($"{nameof(NetworkLimits)}.{nameof(NetworkLimits.MostBytesOfActivations)}", ImportLimits.ActivationBytes),
        ($"{nameof(NetworkLimits)}.{nameof(NetworkLimits.MostBytesOfLayer)}", ImportLimits.LayerBytes),
        ($"{Import}.{nameof(OnnxImportOptions.MaximumFoldedBytes)}", ImportLimits.FoldedBytes),
        ($"{Import}.{nameof(OnnxImportOptions.MaximumFoldedMultiplyAdds)}", ImportLimits.FoldedMultiplyAdds),
        ($"set {nameof(OnnxImportOptions.InputDimensions)}", $"set {ImportCommand.InputName}"),
        ($"in the file or in {nameof(OnnxImportOptions.Values)}", $"in the file (or, where a program imports it, in {Import}.{nameof(OnnxImportOptions.Values)})"),
        (nameof(TrainingOptions.ClipGradientNorm), "--clip-gradient-norm"),
        (nameof(TrainingOptions.ClipGradientValue), "--clip-gradient-value"),
        ($"set {nameof(ConvNetTrainingOptions.Resume)}", "set --resume"),
        (nameof(FineTuning.FineTuningEpoch), "--epochs"),
        (nameof(FineTuning.FineTuningLearningRate), "--learning-rate"),
        (nameof(FineTuning.AccumulatedBatches), "--accumulated-batches"),
        ($"{nameof(FineTuning.Mixup)} is for epochs", "--mixup is for epochs"),
        ($"{nameof(FineTuning.CutMix)} is for epochs", "--cutmix is for epochs"),
        ($"{nameof(FineTuning.Callbacks)} is for epochs", "--checkpoints is for epochs"),
        ($"{nameof(FineTuning.Augmentation)} is for epochs", "Augmentation (--horizontal-flip and the like) is for epochs"),
        ("trains the head alone", "trains the classifier alone"),
        (nameof(ConvNetTrainingOptions.FrozenLayers), "--frozen-layers"),
        (nameof(ConvNetTrainingOptions.InitialWeights), "--weights"),
    ];

    /// <summary>A message with the tool's options in the place of the libraries'.</summary>
    public static string Replaced(string message)
    {
        foreach ((string term, string option) in Options)
        {
            // Not within the name of a file, a layer or whatever else somebody gave a name.
            message = Regex.Replace(message, $@"(?<![\w""/\\.-]){Regex.Escape(term)}(?![\w""/\\-]|\.\w)", option);
        }

        return message;
    }
}
