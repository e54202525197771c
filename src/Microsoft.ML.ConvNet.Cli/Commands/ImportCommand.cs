using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Reports;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet import</c>: makes a model of an ONNX file, which the other commands use as one that was trained here.</summary>
internal static class ImportCommand
{
    /// <summary>The name of the option for the dimensions of the input.</summary>
    public const string InputName = "--input";

    private const int LargestInput = 65_536;

    public static System.CommandLine.Command Create()
    {
        Argument<string> onnx = OnnxArgument("The ONNX model: a network for images, with its weights inside or in files beside it.");
        Option<string> model = CommandOptions.Model("Where to save the model.", required: true);
        Option<string> labels = new("--labels")
        {
            Description = "The names of the classes: a text file with one a line, or number,name a line; by default those that the model has among its "
                + "metadata, or numbers.",
            HelpName = "FILE",
        };
        Option<string> background = CommandOptions.Background(CommandOptions.BackgroundOfModel);
        PixelOptions pixelOptions = new();
        Option<string> outputs = new("--outputs")
        {
            Description = "What the model gives: logits, behind which a softmax is put, or probabilities, which stay; by default it is "
                + "found out from the model.",
            HelpName = "KIND",
        };
        _ = outputs.AcceptOnlyFromAmong("logits", "probabilities");
        Option<int[]?> input = NumberOptions.Dimensions(
            InputName, LargestInput, "The dimensions of the model's input, in its order, where the model leaves them open.");
        ImportLimits limits = new();
        System.CommandLine.Command command = new("import", "Makes a model of an ONNX file.")
        {
            onnx, model, labels, background, outputs, input,
        };
        pixelOptions.AddTo(command);
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            OnnxImportOptions options = limits.Of(parsed);
            options.AddsSoftmax = true;
            options.InputDimensions = Given(parsed.GetValue(input));
            options.Outputs = parsed.GetValue(outputs) switch
            {
                "logits" => OutputKind.Logits,
                "probabilities" => OutputKind.Probabilities,
                _ => null,
            };
            PixelSettings pixels = (pixelOptions.Of(parsed) ?? new PixelSettings(default, default, null, null)) with
            {
                Background = CommandOptions.BackgroundOf(parsed.GetValue(background)) ?? default,
            };
            return Run(parsed.GetRequiredValue(onnx), options, pixels, parsed.GetValue(labels), parsed.GetRequiredValue(model));
        });
        return command;
    }

    /// <summary>An ONNX file as an argument.</summary>
    public static Argument<string> OnnxArgument(string description) => new("model") { Description = description, HelpName = "MODEL.onnx" };

    // An option of a list that is left out is read as an empty list.
    private static T[]? Given<T>(T[]? numbers) => numbers is { Length: > 0 } ? numbers : null;

    private static int Run(string onnxPath, OnnxImportOptions options, PixelSettings pixels, string? labelPath, string modelPath)
    {
        OutputFile.RequireWritable(modelPath, "--model");
        OnnxModel model = OnnxModel.Load(onnxPath);
        using OnnxNetwork network = model.Import(options);
        ImportedModel imported = new(network, pixels);
        IReadOnlyList<string>? labels = labelPath == null ? network.ClassNames : LabelFile.Read(labelPath, imported.ClassCount);
        if (labels is null && model.ClassNames is { } others)
        {
            Console.Error.WriteLine(
                $"warning: the model has {ProgressText.Count(imported.ClassCount, "class", "classes")} and names {ProgressText.Number(others.Count)}, so that "
                + "they are numbered; --labels names them.");
        }

        imported.Save(modelPath, labels);
        Console.Out.WriteLine(TerminalText.Of(network.Network.ToString()));
        Console.Out.WriteLine(network.AddedSoftmax
            ? "outputs: logits, behind which a softmax was put (--outputs probabilities leaves them)"
            : "outputs: probabilities, as the model gives them (--outputs logits puts a softmax behind them)");
        Console.Out.WriteLine($"saved {TerminalText.Of(modelPath)}: images of {network.Network.InputShape}, {imported.ClassCount} classes"
            + (labels is null ? string.Empty : $": {NameList.Of(labels)}"));
        return ExitCode.Success;
    }
}
