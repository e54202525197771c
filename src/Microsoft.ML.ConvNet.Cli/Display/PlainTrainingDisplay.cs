using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>Plain lines: one an epoch, and one now and then where an epoch takes long.</summary>
internal sealed class PlainTrainingDisplay(TextWriter output, TimeProvider clock) : TrainingDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _lastLine = clock.GetTimestamp();

    public override T Run<T>(Func<TrainingDisplay, T> training) => training(this);

    public override void ShowBatch(TrainingProgress progress)
    {
        if (clock.GetElapsedTime(_lastLine) >= Interval && progress.Batch < progress.Batches)
        {
            WriteLine(ProgressText.OfBatch(progress));
        }
    }

    public override void ShowWork(string what, int done, int all)
    {
        if (done == all || clock.GetElapsedTime(_lastLine) >= Interval)
        {
            WriteLine($"{what}: {ProgressText.Number(done)} of {ProgressText.Number(all)}");
        }
    }

    public override void ShowLine(string line) => WriteLine(line);

    public override void ShowEpoch(EpochMetrics epoch, int epochs) => WriteLine(ProgressText.OfEpoch(epoch, epochs));

    private void WriteLine(string line)
    {
        output.WriteLine(line);
        output.Flush();
        _lastLine = clock.GetTimestamp();
    }
}
