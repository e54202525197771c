using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Reports;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet predict</c>: what a model says of image files. Those that cannot be read do not keep it from the others.</summary>
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
        Option<string> background = CommandOptions.Background(CommandOptions.BackgroundForPixels);
        Option<int?> maxPixels = CommandOptions.MaxPixels();
        Option<string> json = CommandOptions.Json("the probability of every class");
        System.CommandLine.Command command = new("predict", "Predicts the classes of image files.") { model, images, background, maxPixels, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(model),
            parsed.GetRequiredValue(images),
            CommandOptions.BackgroundOf(parsed.GetValue(background)),
            CommandOptions.Decoder(parsed.GetValue(maxPixels)),
            parsed.GetValue(json)));
        return command;
    }

    private static int Run(string modelPath, string[] paths, ImageBackground? background, ImageDecoder decoder, string? jsonPath)
    {
        OutputFile.RequireWritable(jsonPath, "--json");

        using LoadedModel model = LoadedModel.Load(modelPath);
        ImageFiles files = new([.. paths.Select(path => new ImageFile(path, -1))], model.ClassNames, decoder);
        IReadOnlyList<string> classNames = DistinctNames.Of(model.ClassNames);
        List<ImagePrediction> predictions = [];
        List<UnreadImage> unread = [];
        ImageBackground ground = model.BackgroundOr(background, CommandOptions.BackgroundName);
        IEnumerable<(int Number, float[] Scores)> scored = model.Predict(files, ground, (number, error) =>
        {
            Console.Error.WriteLine($"error: {ErrorLine.Of(error)}");
            unread.Add(new UnreadImage(paths[number], ErrorLine.Of(error)));
        });
        foreach ((int number, float[] scores) in scored)
        {
            ImagePrediction prediction = Prediction(paths[number], classNames, scores);
            Console.Out.WriteLine(Line(prediction));
            predictions.Add(prediction);
        }

        JsonReport.Write(new PredictionReport(predictions, unread), jsonPath);
        return unread.Count == 0 ? ExitCode.Success : ExitCode.Failure;
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
            .Select(pair => $"{TerminalText.Of(pair.Key)} {ProgressText.Share(pair.Value)}");
        return $"{TerminalText.Of(prediction.Image)}: {string.Join(", ", classes)}";
    }
}
