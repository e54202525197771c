using Microsoft.ML.ConvNet.Training;
using Spectre.Console;

namespace Microsoft.ML.ConvNet.Cli.Display;

/// <summary>Shows a training while it runs.</summary>
internal abstract class TrainingDisplay
{
    /// <summary>A progress bar on a terminal; plain lines where the output goes to a file or a pipe.</summary>
    public static TrainingDisplay ForConsole()
    {
        if (!Console.IsOutputRedirected)
        {
            // Standard output as it is, since Console.Out takes commands to a terminal for a part of somebody's name.
            StreamWriter raw = new(Console.OpenStandardOutput(), Console.OutputEncoding) { AutoFlush = true };
            IAnsiConsole terminal = AnsiConsole.Create(
                new AnsiConsoleSettings { Out = new TerminalOutput(new StandardWriter(raw, isEscaped: false)) });
            if (terminal.Profile.Capabilities.Ansi && terminal.Profile.Capabilities.Interactive)
            {
                return new TerminalTrainingDisplay(terminal);
            }
        }

        return new PlainTrainingDisplay(Console.Out, TimeProvider.System);
    }

    /// <summary>Runs a training and shows what it reports.</summary>
    /// <param name="training">The training; it is given the display to report to.</param>
    public abstract T Run<T>(Func<TrainingDisplay, T> training);

    /// <summary>So much of something is done that is no training.</summary>
    /// <param name="what">What it is.</param>
    /// <param name="done">How many are done.</param>
    /// <param name="all">How many there are.</param>
    public abstract void ShowWork(string what, int done, int all);

    /// <summary>Something is done, of which a line remains.</summary>
    public abstract void ShowLine(string line);

    /// <summary>A batch is done.</summary>
    public abstract void ShowBatch(TrainingProgress progress);

    /// <summary>An epoch is done.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="epochs">The number of epochs.</param>
    public abstract void ShowEpoch(EpochMetrics epoch, int epochs);
}
