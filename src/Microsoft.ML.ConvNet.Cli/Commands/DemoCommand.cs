using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Reports;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>
/// <c>convnet demo</c>: the whole way of a model. LeNet-5 is trained beside ML.NET's linear trainer, evaluated, saved, loaded by a second
/// process, and used there.
/// </summary>
internal static class DemoCommand
{
    private const int LinearImages = 10_000;

    public static System.CommandLine.Command Create()
    {
        Option<string> data = CommandOptions.Data(
            $"What to train and test with: {DataFolder.Kinds}; without it the demo draws its own digits.", required: false);
        Option<int?> epochs = NumberOptions.Integer(
            "--epochs", 1, 1_000_000, "How often to go through the training images; by default as often as takes some seconds.");
        Option<string> model = CommandOptions.Model(
            "Where to save the model; by default a new folder for temporary files.", required: false);
        System.CommandLine.Command command = new(
            "demo",
            "Trains LeNet-5 on digits, evaluates it beside a linear classifier, saves it, and predicts with it in a second process.")
        {
            data, epochs, model,
        };
        command.SetAction(parsed => Run(parsed.GetValue(data), parsed.GetValue(epochs), parsed.GetValue(model)));
        return command;
    }

    private static int Run(string? dataPath, int? epochs, string? modelPath)
    {
        long start = Stopwatch.GetTimestamp();
        OutputFile.RequireWritable(modelPath, "--model");

        using Interruption interruption = new();
        DemoData data = DemoData.Open(dataPath);
        TrainingSettings settings = new(Architecture.Get("lenet5"))
        {
            Epochs = epochs ?? data.Epochs,
            CancellationToken = interruption.Token,
        };
        Shape input = data.Training.InputShape(settings.Architecture.DefaultInput);
        Network network = settings.Architecture.Create(input, data.Training.ClassNames.Count);
        modelPath ??= Path.Combine(Directory.CreateTempSubdirectory("convnet-demo-").FullName, "lenet5.zip");
        Console.Out.Write(
            $"{data.Description}: {ProgressText.Number(data.Training.Count)} images to train, "
            + $"{ProgressText.Number(data.Test.Count)} to test, "
            + $"{data.Training.DescribeImages()}, {data.Training.ClassNames.Count} classes\n{network}\n\n");

        MLContext context = TrainingContext.Create(settings);
        using TrainedModel model = PipelineTraining.Train(context, data.Training, null, input, settings, TrainingDisplay.ForConsole());
        model.Save(context, modelPath);
        if (model.Failure is { } failure)
        {
            throw new CommandException($"{ErrorLine.Of(failure)} The model until then is saved to {TerminalText.Of(modelPath)}.", failure);
        }

        if (model.WasInterrupted)
        {
            Console.Out.WriteLine($"stopped; the model so far is saved to {TerminalText.Of(modelPath)}");
            return ExitCode.Interrupted;
        }

        Console.Out.WriteLine($"saved to {TerminalText.Of(modelPath)}");
        Evaluation evaluation = Evaluation.Of(context, model.Transformer, data.Test);
        Console.Out.Write($"\non the test images: {EvaluationText.Of(evaluation)}\n");
        CompareWithLinear(context, data, input, evaluation);
        bool isSame = SecondProcess.PredictsTheSame(context, model, modelPath, data.Test, data.Training.ClassNames);
        Console.Out.WriteLine($"\nthe whole demo took {ProgressText.Duration(Stopwatch.GetElapsedTime(start))}");
        return isSame ? ExitCode.Success : ExitCode.Failure;
    }

    private static void CompareWithLinear(MLContext context, DemoData data, Shape input, Evaluation network)
    {
        LabelledImages training = data.Training.Spread(LinearImages);
        Evaluation linear = Evaluation.Of(context, LinearBaseline.Train(context, training, input), data.Test);
        string images = training.Count < data.Training.Count
            ? $"{ProgressText.Number(training.Count)} of the same images, to be quick"
            : "the same images";
        double ahead = 100 * (network.Metrics.MicroAccuracy - linear.Metrics.MicroAccuracy);
        Console.Out.Write(
            $"LeNet-5                        {ProgressText.Share(network.Metrics.MicroAccuracy)}\n"
            + $"ML.NET's LbfgsMaximumEntropy   {ProgressText.Share(linear.Metrics.MicroAccuracy)}  (linear; on {images})\n"
            + FormattableString.Invariant($"LeNet-5 is {Math.Abs(ahead):0.0} points {(ahead >= 0 ? "ahead" : "behind")}\n"));
    }
}
