using Microsoft.ML.ConvNet.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>A progress bar that lives on the terminal's last line; finished epochs scroll above it.</summary>
internal sealed class TerminalTrainingDisplay(IAnsiConsole terminal) : TrainingDisplay
{
    private const int BarWidth = 20;

    private ProgressTask? _task;
    private volatile string _metrics = string.Empty;

    public override T Run<T>(Func<TrainingDisplay, T> training)
    {
        Progress progress = terminal.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn { Width = BarWidth },
                new PercentageColumn(),
                new MetricsColumn(this));
        return progress.Start(context =>
        {
            _task = context.AddTask("preparing", autoStart: true, maxValue: 1);
            return training(this);
        });
    }

    public override void ShowBatch(TrainingProgress progress)
    {
        _metrics = ProgressText.Metrics(progress);
        if (_task is { } task)
        {
            task.Description = $"epoch {progress.Epoch}/{progress.Epochs}";
            task.MaxValue = progress.TotalBatches;
            task.Value = progress.BatchesDone;
        }
    }

    public override void ShowWork(string what, int done, int all)
    {
        _metrics = $"{ProgressText.Number(done)} of {ProgressText.Number(all)}";
        if (_task is { } task)
        {
            task.Description = what;
            task.MaxValue = Math.Max(all, 1);
            task.Value = done;
        }
    }

    public override void ShowLine(string line) => terminal.WriteLine(line);

    public override void ShowEpoch(EpochMetrics epoch, int epochs) =>
        terminal.WriteLine(ProgressText.OfEpoch(epoch, epochs));

    private sealed class MetricsColumn(TerminalTrainingDisplay display) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(display._metrics).Overflow(Overflow.Ellipsis);
    }
}
