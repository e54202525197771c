using System.Diagnostics;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Reports;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>Starts this program once more, lets it load a saved model and predict, and compares with the model in memory.</summary>
internal static class SecondProcess
{
    private const int ShownImages = 9;
    private const int ImagesPerLine = 3;
    private const int PictureSize = 24;

    /// <summary>Shows a few images with what the second process predicts, and whether it predicts the same as this one.</summary>
    /// <param name="context">The context.</param>
    /// <param name="model">The model in memory.</param>
    /// <param name="modelPath">The file to which it was saved.</param>
    /// <param name="test">Images that it was not trained with.</param>
    /// <param name="classNames">The classes of the model.</param>
    /// <returns>Whether all probabilities of all of them are the same, bit for bit.</returns>
    public static bool PredictsTheSame(
        MLContext context, TrainedModel model, string modelPath, LabelledImages test, IReadOnlyList<string> classNames)
    {
        string folder = Directory.CreateTempSubdirectory("convnet-images-").FullName;
        try
        {
            LabelledImages images = test.Spread(ShownImages);
            ImageFiles files = ImageExport.ToFiles(images, folder);
            float[][] here =
                [.. model.Transformer.Transform(images.ToDataView(context)).GetColumn<float[]>(ColumnNames.Score)];
            IReadOnlyList<ImagePrediction> there = Predict(modelPath, files, Path.Combine(folder, "predictions.json"));
            Console.Out.Write($"\na second process loads {TerminalText.Of(modelPath)} and predicts:\n\n{Pictures(context, files, there)}");
            bool isSame = here.Zip(there).All(
                pair => pair.First.SequenceEqual(DistinctNames.Of(classNames).Select(name => pair.Second.Probabilities[name])));
            Console.Out.WriteLine(
                isSame
                    ? "its probabilities are those of the first process, bit for bit"
                    : "its probabilities are NOT those of the first process");
            return isSame;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IReadOnlyList<ImagePrediction> Predict(string modelPath, ImageFiles files, string jsonPath)
    {
        ProcessStartInfo start = SelfStart();
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (string argument in (string[])["predict", "--model", modelPath, "--json", jsonPath])
        {
            start.ArgumentList.Add(argument);
        }

        for (int i = 0; i < files.Count; i++)
        {
            start.ArgumentList.Add(files.PathOf(i));
        }

        using Process process = Process.Start(start) ?? throw new CommandException("The second process did not start.");
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == ExitCode.Success
            ? JsonReport.Read<PredictionReport>(jsonPath).Predictions
            : throw new CommandException($"The second process ended with exit code {process.ExitCode}: {error}");
    }

    /// <summary>Starts this program: its own executable, or the dotnet host with its assembly.</summary>
    private static ProcessStartInfo SelfStart()
    {
        string host = Environment.ProcessPath ?? "dotnet";
        ProcessStartInfo start = new(host);
        if (string.Equals(Path.GetFileNameWithoutExtension(host), "dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "convnet.dll"));
        }

        return start;
    }

    private static string Pictures(MLContext context, ImageFiles files, IReadOnlyList<ImagePrediction> predictions)
    {
        PixelImages pictures = ImageConversion.ToPixels(context, files.OnWhite(), new Shape(PictureSize, PictureSize, 1)).Images;
        IEnumerable<string> lines = predictions
            .Select((prediction, i) => (pictures.Pixels(i), Caption(prediction)))
            .Chunk(ImagesPerLine)
            .Select(line => TextPicture.Draw(line, PictureSize, PictureSize));
        return string.Join('\n', lines);
    }

    private static string Caption(ImagePrediction prediction) =>
        $"{TerminalText.Of(prediction.PredictedLabel)} ({ProgressText.Share(prediction.Probabilities[prediction.PredictedLabel])})";
}
