using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Reports;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>What comes of a training, whatever ended it: a file, a line that says so, how well the model does, and a report.</summary>
internal static class TrainingOutcome
{
    /// <summary>Saves the model, evaluates it, and says both.</summary>
    /// <param name="context">The context.</param>
    /// <param name="model">The model.</param>
    /// <param name="images">The images that it was trained with.</param>
    /// <param name="modelPath">Where the model is saved.</param>
    /// <param name="jsonPath">Where the report is written; null for nowhere.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">The training ended by an error; what it had learnt is saved.</exception>
    public static int Save(
        MLContext context,
        TrainedModel model,
        TrainingImages images,
        string modelPath,
        string? jsonPath)
    {
        model.Save(context, modelPath);
        Warn(images.Unreadable);
        if (model.Failure is { } failure)
        {
            throw Failed(failure, model, modelPath);
        }

        Console.Out.WriteLine(model.WasInterrupted ? Stopped(model, modelPath) : $"saved to {TerminalText.Of(modelPath)}");
        Evaluation evaluation = Evaluation.Of(context, model.Transformer, images.Validation ?? images.Training);
        string evaluatedOn = images.Validation != null ? "validation" : "training";
        Console.Out.Write($"on the {evaluatedOn} images: {EvaluationText.Of(evaluation)}");
        JsonReport.Write(
            new EvaluationReport(
                evaluation.Metrics.MicroAccuracy,
                evaluation.Metrics.LogLoss,
                model.ImagesPerSecond,
                [.. model.Epochs.Select(EpochReport.Of)],
                evaluation.Confusion,
                images.All.ClassNames,
                evaluatedOn,
                evaluation.Images,
                model.WasInterrupted)
            {
                Unreadable = images.Unreadable?.Paths ?? [],
            },
            jsonPath);
        return model.WasInterrupted ? ExitCode.Interrupted : ExitCode.Success;
    }

    /// <summary>Says which files were left out.</summary>
    public static void Warn(UnreadableFiles? unreadable)
    {
        if (unreadable?.Describe() is { } leftOut)
        {
            Console.Error.WriteLine($"warning: {leftOut}");
        }
    }

    private static CommandException Failed(Exception failure, TrainedModel model, string path)
    {
        string what = model.Epochs.Count == 0 ? "the model as it was then" : "the best model until then";
        return new CommandException(
            $"{ErrorLine.Of(failure)} That was after {ProgressText.Count(model.Epochs.Count, "epoch")}; {what} is saved to {TerminalText.Of(path)}.", failure);
    }

    private static string Stopped(TrainedModel model, string path) => model.Epochs.Count == 0
        ? $"stopped during the first epoch; the model as it was then is saved to {TerminalText.Of(path)}"
        : $"stopped after {ProgressText.Count(model.Epochs.Count, "epoch")}; the best model so far is saved to {TerminalText.Of(path)}";
}
