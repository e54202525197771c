using System.Globalization;
using System.Text;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>The wording of progress.</summary>
internal static class ProgressText
{
    private const double LargestPlainLoss = 1e6;

    /// <summary>An epoch in one line.</summary>
    public static string OfEpoch(EpochMetrics epoch, int epochs)
    {
        StringBuilder text = new();
        text.Append(
            CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch}/{epochs}  loss {Loss(epoch.Loss)}  accuracy {Share(epoch.Accuracy.GetValueOrDefault())}");
        if (epoch.ValidationAccuracy is { } accuracy)
        {
            text.Append(CultureInfo.InvariantCulture, $"  validation loss {Loss(epoch.ValidationLoss.GetValueOrDefault())}  accuracy {Share(accuracy)}");
        }

        return text.Append(CultureInfo.InvariantCulture, $"  {Rate(epoch.ImagesPerSecond)}").ToString();
    }

    /// <summary>Where a training stands, in one line.</summary>
    public static string OfBatch(TrainingProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {progress.Epoch}/{progress.Epochs}  batch {progress.Batch}/{progress.Batches}  {Metrics(progress)}");

    /// <summary>Loss, accuracy, images a second and time left.</summary>
    public static string Metrics(TrainingProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"loss {Loss(progress.Loss)}  accuracy {Share(progress.Accuracy.GetValueOrDefault())}  {Rate(progress.ImagesPerSecond)}  "
        + $"{Duration(progress.TimeLeft)} left");

    /// <summary>A loss with four decimals, or with its exponent where it is beyond all bounds.</summary>
    public static string Loss(double loss) =>
        loss.ToString(Math.Abs(loss) < LargestPlainLoss ? "0.0000" : "0.###e+0", CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage with two decimals.</summary>
    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00}%");

    /// <summary>Images a second.</summary>
    public static string Rate(double imagesPerSecond) =>
        string.Create(CultureInfo.InvariantCulture, $"{imagesPerSecond:#,##0} images/s");

    /// <summary>A time as m:ss, or h:mm:ss from an hour on.</summary>
    public static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");

    /// <summary>A whole number with separators.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number and what is counted, in the plural where that is due.</summary>
    public static string Count(long value, string singular, string? plural = null) =>
        $"{Number(value)} {(value == 1 ? singular : plural ?? singular + "s")}";
}
