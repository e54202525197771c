using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Reports;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet evaluate</c>: how well a model does on images with known classes.</summary>
internal static class EvaluateCommand
{
    public static System.CommandLine.Command Create()
    {
        Option<string> model = CommandOptions.Model("The model file.", required: true);
        Option<string> data = CommandOptions.Data(
            $"What to evaluate on: {DataFolder.Kinds}; of a folder with parts the test part is taken.", required: true);
        Option<string> split = CommandOptions.Split();
        Option<string> background = CommandOptions.Background(CommandOptions.BackgroundForPixels);
        Option<int?> maxPixels = CommandOptions.MaxPixels();
        Option<string> json = CommandOptions.Json("accuracy, log-loss, speed and confusion matrix");
        System.CommandLine.Command command = new("evaluate", "Evaluates a model on images with known classes.")
        {
            model, data, split, background, maxPixels, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(model),
            parsed.GetRequiredValue(data),
            parsed.GetValue(split),
            CommandOptions.BackgroundOf(parsed.GetValue(background)),
            parsed.GetValue(maxPixels),
            parsed.GetValue(json)));
        return command;
    }

    private static int Run(string modelPath, string dataPath, string? splitPath, ImageBackground? background, int? maxPixels, string? jsonPath)
    {
        OutputFile.RequireWritable(jsonPath, "--json");

        using LoadedModel model = LoadedModel.Load(modelPath);
        model.RequireRows();
        ImageBackground ground = model.BackgroundOr(background, CommandOptions.BackgroundName);
        LabelledImages images = model.Adapt(
            DataFolder.OpenForEvaluation(dataPath, model.ClassNames, CommandOptions.Decoder(maxPixels), splitPath), ground);
        Evaluation evaluation = Evaluation.Of(model.Context, model.Transformer, images);
        Console.Out.Write(EvaluationText.Of(evaluation));
        JsonReport.Write(
            new EvaluationReport(
                evaluation.Metrics.MicroAccuracy,
                evaluation.Metrics.LogLoss,
                evaluation.ImagesPerSecond,
                [],
                evaluation.Confusion,
                model.ClassNames,
                "test",
                evaluation.Images,
                Interrupted: false),
            jsonPath);
        return ExitCode.Success;
    }
}
