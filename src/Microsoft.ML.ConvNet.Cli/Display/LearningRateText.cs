using System.Globalization;
using System.Text;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>Draws how the loss went while the learning rate grew, with characters.</summary>
internal static class LearningRateText
{
    private const int Width = 60;
    private const int Height = 12;
    private const string Margin = "            ";

    /// <summary>The curve of the smoothed loss over the logarithm of the learning rate, and what is suggested.</summary>
    public static string Of(LearningRateCurve curve)
    {
        LearningRatePoint[] points = [.. curve.Points.Where(point => double.IsFinite(point.SmoothedLoss))];
        if (points.Length < 2 || curve.Lowest is not { } lowest)
        {
            return "the loss was no number after a step or two: there is no curve to choose a learning rate by\n";
        }

        // What lies above the first loss only shows that it grows.
        double most = Math.Max(points[0].SmoothedLoss, lowest.SmoothedLoss * 1.05) + ((points[0].SmoothedLoss - lowest.SmoothedLoss) * 0.25);
        StringBuilder text = new("smoothed loss by learning rate:\n");
        char[][] rows = Rows(points, curve.Suggestion, lowest.SmoothedLoss, most);
        for (int row = 0; row < Height; row++)
        {
            double loss = most + ((lowest.SmoothedLoss - most) * row / (Height - 1));
            string label = row % 4 == 0 || row == Height - 1 ? ProgressText.Loss(loss) : string.Empty;
            _ = text.Append(CultureInfo.InvariantCulture, $"{label,10} |{new string(rows[row]).TrimEnd()}\n");
        }

        string first = Rate(points[0].LearningRate);
        string last = Rate(points[^1].LearningRate);
        _ = text.Append(CultureInfo.InvariantCulture, $"{Margin[1..]}+{new string('-', Width)}\n{Margin}{first}{last.PadLeft(Width - first.Length)}\n");
        return text.Append(Conclusion(curve, lowest)).ToString();
    }

    private static string Conclusion(LearningRateCurve curve, LearningRatePoint lowest) => curve is { Suggestion: { } suggestion, Steepest: { } steepest }
        ? $"the loss falls fastest at {Rate(steepest.LearningRate)}, and is lowest, {ProgressText.Loss(lowest.SmoothedLoss)}, at {Rate(lowest.LearningRate)}\n"
            + $"suggested: --learning-rate {Rate(suggestion)}, "
            + (suggestion == steepest.LearningRate ? "the former\n" : "a tenth of the latter\n")
        : "the loss did not fall at any learning rate: there is none to suggest\n";

    private static char[][] Rows(LearningRatePoint[] points, float? suggestion, double least, double most)
    {
        char[][] rows = [.. Enumerable.Range(0, Height).Select(_ => Enumerable.Repeat(' ', Width).ToArray())];
        for (int column = 0; column < Width; column++)
        {
            // Steps are evenly spread over the logarithm of the rate.
            int index = (int)Math.Round((double)column * (points.Length - 1) / (Width - 1));
            double height = Math.Clamp((points[index].SmoothedLoss - least) / (most - least), 0, 1);
            rows[(int)Math.Round((1 - height) * (Height - 1))][column] = '*';
        }

        if (suggestion is { } rate)
        {
            // The suggestion need not be the rate of a step.
            int place = Array.IndexOf(points, points.MinBy(point => Math.Abs(Math.Log(point.LearningRate / rate))));
            int column = (int)Math.Round((double)place * (Width - 1) / (points.Length - 1));
            foreach (char[] row in rows)
            {
                row[column] = row[column] == '*' ? 'O' : ':';
            }
        }

        return rows;
    }

    private static string Rate(float rate) => rate.ToString("0.##e-0", CultureInfo.InvariantCulture);
}
