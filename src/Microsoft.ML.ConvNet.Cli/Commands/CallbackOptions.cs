using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Reports;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The options that watch a training: averages of weights, early stopping, plateaus and logs.</summary>
internal sealed class CallbackOptions
{
    private static readonly Dictionary<string, TrainingMetric> Metrics = new()
    {
        ["best"] = TrainingMetric.Best,
        ["loss"] = TrainingMetric.Loss,
        ["accuracy"] = TrainingMetric.Accuracy,
        ["validation-loss"] = TrainingMetric.ValidationLoss,
        ["validation-accuracy"] = TrainingMetric.ValidationAccuracy,
    };

    private readonly Option<double?> _average = NumberOptions.Real(
        "--weight-average",
        new RealRange(1e-6, 1) { IsUnderMaximum = true },
        "Keep an exponential moving average of the weights, with this decay, such as 0.999: epochs are judged by it, and it is what is saved; by default not.");

    private readonly Option<TrainingCallback?> _earlyStopping = SettingText.Option<TrainingCallback>(
        "--early-stopping",
        "N[:SETTING=VALUE,...]",
        "End the training after N epochs without a better one, such as 10:metric=validation-loss,minimum-change=0.001 (metrics: "
        + $"{string.Join(", ", Metrics.Keys)}); by default never.",
        text => new EarlyStopping(text.IntegerName("The number of epochs"), Metric(text), text.Real("minimum-change", 0)));

    private readonly Option<TrainingCallback?> _plateau = SettingText.Option<TrainingCallback>(
        "--reduce-on-plateau",
        "N[:SETTING=VALUE,...]",
        "Make the learning rate smaller after N epochs without a better one, such as 5:factor=0.1,minimum=0.001,metric=validation-loss,minimum-change=0.001; by default not.",
        text => new ReduceOnPlateau(
            text.IntegerName("The number of epochs"),
            text.Real("factor", 0.1f),
            Metric(text),
            text.Real("minimum-change") ?? 1e-4,
            text.Real("minimum", 0)));

    private readonly Option<string> _csv = File("--log-csv", "how each epoch went as a table of comma-separated values");
    private readonly Option<string> _jsonLines = File("--log-jsonl", "how each epoch went as JSON, a line each");
    private readonly Option<string> _tensorBoard = new("--log-tensorboard")
    {
        Description = "Write event files for TensorBoard to this folder: tensorboard --logdir DIR shows them.",
        HelpName = "DIR",
    };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_average, _earlyStopping, _plateau, _csv, _jsonLines, _tensorBoard];

    /// <summary>Adds them to a command.</summary>
    public void AddTo(System.CommandLine.Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>What they say.</summary>
    /// <exception cref="CommandException">A log cannot be written.</exception>
    public IReadOnlyList<TrainingCallback> Of(ParseResult parsed)
    {
        string? csv = parsed.GetValue(_csv);
        string? jsonLines = parsed.GetValue(_jsonLines);
        string? tensorBoard = parsed.GetValue(_tensorBoard);
        OutputFile.RequireWritable(csv, _csv.Name);
        OutputFile.RequireWritable(jsonLines, _jsonLines.Name);
        TrainingCallback?[] callbacks =
        [
            parsed.GetValue(_average) is { } decay ? new WeightAverage((float)decay) : null,
            parsed.GetValue(_earlyStopping),
            parsed.GetValue(_plateau),
            csv is null ? null : new CsvLog(csv),
            jsonLines is null ? null : new JsonLinesLog(jsonLines),
            tensorBoard is null ? null : new TensorBoardLog(tensorBoard),
        ];
        return [.. callbacks.OfType<TrainingCallback>()];
    }

    private static TrainingMetric Metric(SettingText text) => text.Word("metric", TrainingMetric.Best, Metrics);

    private static Option<string> File(string name, string content) => new(name) { Description = $"Write {content} to this file.", HelpName = "FILE" };
}
