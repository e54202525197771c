using System.Globalization;
using Microsoft.ML.ConvNet.Cli.Models;

namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>The wording of an evaluation.</summary>
internal static class EvaluationText
{
    private const int MostClassesInTable = 20;

    /// <summary>Accuracy, log-loss and, where the classes are not too many for a table, the confusion matrix.</summary>
    public static string Of(Evaluation evaluation)
    {
        string summary = string.Create(
            CultureInfo.InvariantCulture,
            $"accuracy {ProgressText.Share(evaluation.Metrics.MicroAccuracy)}  log-loss {evaluation.Metrics.LogLoss:0.0000}  ")
            + $"{ProgressText.Count(evaluation.Images, "image")}  {ProgressText.Rate(evaluation.ImagesPerSecond)}\n";
        return evaluation.Metrics.ConfusionMatrix.NumberOfClasses <= MostClassesInTable
            ? $"{summary}\n{Table(evaluation)}\n"
            : summary;
    }

    // ML.NET writes the names as they are, line breaks included.
    private static string Table(Evaluation evaluation) => evaluation.ClassNames.Aggregate(
        evaluation.Metrics.ConfusionMatrix.GetFormattedConfusionTable().Trim('\r', '\n'),
        (table, name) => name.Length == 0 ? table : table.Replace(name, TerminalText.Of(name), StringComparison.Ordinal));
}
