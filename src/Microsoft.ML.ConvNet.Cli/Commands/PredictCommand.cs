using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Reports;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet predict</c>: what a model says of image files.</summary>
internal static class PredictCommand
{
    private const int ShownClasses = 3;

    public static System.CommandLine.Command Create()
    {
        Option<string> model = CommandOptions.Model("The model file.", required: true);
        Argument<string[]> images = new("image")
        {
            Description = "Image files. For a model trained on IDX data they are resized, and made grey where it reads one channel; "
                + "light stays light: a model of white digits on black wants such images.",
            HelpName = "IMAGE",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> json = CommandOptions.Json("the probability of every class");
        System.CommandLine.Command command = new("predict", "Predicts the classes of image files.") { model, images, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(model), parsed.GetRequiredValue(images), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string modelPath, string[] paths, string? jsonPath)
    {
        OutputFile.RequireWritable(jsonPath, "--json");

        foreach (string path in paths)
        {
            if (!File.Exists(path))
            {
                throw new CommandException(
                    Directory.Exists(path)
                        ? "predict takes image files; for a folder with a subfolder a class there is evaluate. "
                            + $"Received: the folder \"{path}\"."
                        : $"There is no image file \"{path}\".");
            }
        }

        using LoadedModel model = LoadedModel.Load(modelPath);
        ImageFiles files = new([.. paths.Select(path => new ImageFile(path, -1))], model.ClassNames);
        IReadOnlyList<float[]> probabilities = model.Predict(model.Adapt(files));
        IReadOnlyList<ImagePrediction> predictions =
            [.. paths.Zip(probabilities, (path, scores) => Prediction(path, model.ClassNames, scores))];
        foreach (ImagePrediction prediction in predictions)
        {
            Console.Out.WriteLine(Line(prediction));
        }

        JsonReport.Write(new PredictionReport(predictions), jsonPath);
        return ExitCode.Success;
    }

    private static ImagePrediction Prediction(string path, IReadOnlyList<string> classNames, float[] scores)
    {
        Dictionary<string, float> probabilities = [];
        for (int i = 0; i < scores.Length; i++)
        {
            probabilities.Add(classNames[i], scores[i]);
        }

        return new ImagePrediction(path, classNames[ArgMax.Of(scores)], probabilities);
    }

    private static string Line(ImagePrediction prediction)
    {
        IEnumerable<string> classes = prediction.Probabilities
            .OrderByDescending(pair => pair.Value)
            .Take(ShownClasses)
            .Select(pair => $"{pair.Key} {ProgressText.Share(pair.Value)}");
        return $"{prediction.Image}: {string.Join(", ", classes)}";
    }
}
