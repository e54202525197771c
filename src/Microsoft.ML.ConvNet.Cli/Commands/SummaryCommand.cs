using System.CommandLine;
using System.Globalization;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Networks.Notation;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet summary</c>: the layers of an architecture or of a model, with their shapes and costs.</summary>
internal static class SummaryCommand
{
    private const int LargestInput = 65_536;

    public static System.CommandLine.Command Create()
    {
        Argument<string> subject = NetworkArgument.Create();
        Option<string> input = new("--input")
        {
            Description = "The size of the images for an architecture, such as 32x32x3; by default what it was made for.",
            HelpName = "HxWxC",
        };
        Option<int?> classes = NumberOptions.Integer(
            "--classes", 1, 1_000_000, "The number of classes for an architecture; by default those that it was made for.");
        Option<double?> width = CommandOptions.Width();
        System.CommandLine.Command command = new(
            "summary", "Shows a network layer by layer: output shapes, parameters, memory and multiply-adds.")
        {
            subject,
            input,
            classes,
            width,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(subject), parsed.GetValue(input), parsed.GetValue(classes), parsed.GetValue(width)));
        return command;
    }

    private static int Run(string subject, string? input, int? classes, double? width)
    {
        if (NetworkArgument.TryGetArchitecture(subject, out Architecture? architecture))
        {
            Shape? images = input == null ? null : ParseInput(input);
            if (architecture.Year == null)
            {
                // Layers in one line: as they are written, whatever they end in.
                Network written = NetworkNotation.Build(subject, images ?? architecture.DefaultInput, classes ?? architecture.Classes);
                Console.Out.Write(written.Summary());
                return ExitCode.Success;
            }

            Network network = architecture.Create(images, classes ?? architecture.Classes, width ?? 1);
            Console.Out.Write($"{network.Summary()}\n{architecture.Description}.\n{architecture.Paper}.\n");
            return ExitCode.Success;
        }

        if (!File.Exists(subject))
        {
            throw NetworkArgument.Unknown("summary", subject);
        }

        if (input != null || classes != null || width != null)
        {
            string option = input != null ? $"--input {input}"
                : classes != null ? $"--classes {classes}"
                : FormattableString.Invariant($"--width {width}");
            throw new CommandException(
                $"--input, --classes and --width are for architectures; a model has them already. Received: {option} for \"{subject}\".");
        }

        using LoadedModel model = LoadedModel.Load(subject);
        string predicted = model.ClassNames.Count > 0 ? $"{(model.Parameters.Task == ConvNetTask.Regression ? "Numbers" : "Classes")}: {NameList.Of(model.ClassNames)}"
            : ProgressText.Count(model.Network.OutputShape.ElementCount, "number");
        Console.Out.Write($"{model.Network.Summary()}\n{predicted}\n");
        return ExitCode.Success;
    }

    private static Shape ParseInput(string text)
    {
        int[] sizes =
        [
            .. text.Split('x', 'X').Select(
                part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0),
        ];
        return sizes.Length == 3 && sizes.All(size => size is > 0 and <= LargestInput)
            ? new Shape(sizes)
            : throw new CommandException(string.Create(
                CultureInfo.InvariantCulture,
                $"--input is height x width x channels, each from 1 to {LargestInput}, such as 32x32x3. Received: {text}."));
    }
}
