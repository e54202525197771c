using System.Diagnostics;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>How well a model does on some images.</summary>
/// <param name="Metrics">ML.NET's metrics.</param>
/// <param name="Images">How many images there were.</param>
/// <param name="ClassNames">The names of the classes.</param>
/// <param name="ImagesPerSecond">How many were read, scored and compared a second.</param>
internal sealed record Evaluation(MulticlassClassificationMetrics Metrics, int Images, IReadOnlyList<string> ClassNames, double ImagesPerSecond)
{
    /// <summary>Counts of images: a row a true class, a column a predicted class.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Confusion =>
        [.. Metrics.ConfusionMatrix.Counts.Select(row => (IReadOnlyList<long>)[.. row.Select(count => (long)count)])];

    /// <summary>Evaluates a model, or any transformer that scores the images.</summary>
    public static Evaluation Of(MLContext context, ITransformer model, LabelledImages images)
    {
        long start = Stopwatch.GetTimestamp();
        MulticlassClassificationMetrics metrics = context.MulticlassClassification.Evaluate(
            model.Transform(images.ToDataView(context)), ColumnNames.Label, ColumnNames.Score, ColumnNames.PredictedLabel);

        // Not those that cannot be read, where they are left out.
        int count = (int)metrics.ConfusionMatrix.Counts.Sum(row => row.Sum());
        return new Evaluation(metrics, count, images.ClassNames, count / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
