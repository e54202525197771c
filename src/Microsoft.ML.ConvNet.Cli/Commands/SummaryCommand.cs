using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Networks.Notation;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet summary</c>: the layers of an architecture or of a model, with their shapes and costs.</summary>
internal static class SummaryCommand
{
    public static System.CommandLine.Command Create()
    {
        Argument<string> subject = NetworkArgument.Create();
        Option<string> input = new("--input")
        {
            Description = "The size of the images for an architecture, such as 32x32x3; by default what it was made for.",
            HelpName = "HxWxC",
        };
        Option<int?> classes = CommandOptions.Integer(
            "--classes", 1, 1_000_000, "The number of classes for an architecture; by default those that it was made for.");
        Option<double?> width = CommandOptions.Real(
            "--width",
            "is over 0 and at most 64",
            factor => factor is > 0 and <= 64,
            "How many times as many channels as published an architecture has; by default 1.");
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
        Console.Out.Write($"{model.Network.Summary()}\nClasses: {string.Join(", ", model.ClassNames)}\n");
        return ExitCode.Success;
    }

    private static Shape ParseInput(string text)
    {
        int[] sizes = [.. text.Split('x', 'X').Select(part => int.TryParse(part, out int size) && size > 0 ? size : 0)];
        return sizes.Length == 3 && !sizes.Contains(0)
            ? new Shape(sizes)
            : throw new CommandException($"--input is height x width x channels, such as 32x32x3. Received: {text}.");
    }
}
