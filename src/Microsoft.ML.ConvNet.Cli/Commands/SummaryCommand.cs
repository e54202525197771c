using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet summary</c>: the layers of an architecture or of a model, with their shapes and costs.</summary>
internal static class SummaryCommand
{
    public static System.CommandLine.Command Create()
    {
        Argument<string> subject = new("name|file")
        {
            Description = $"An architecture ({KnownArchitectures()}), or a model file.",
            HelpName = "NAME|FILE",
        };
        Option<string> input = new("--input")
        {
            Description = "The size of the images for an architecture, such as 32x32x3; by default what it was made for.",
            HelpName = "HxWxC",
        };
        System.CommandLine.Command command = new(
            "summary", "Shows a network layer by layer: output shapes, parameters, memory and multiply-adds.")
        {
            subject,
            input,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(subject), parsed.GetValue(input)));
        return command;
    }

    /// <summary>The names of the architectures, for help texts and errors.</summary>
    public static string KnownArchitectures() => string.Join(", ", Architecture.All.Select(architecture => architecture.Name));

    private static int Run(string subject, string? input)
    {
        if (Architecture.TryGet(subject, out Architecture? architecture))
        {
            Network network = architecture.Create(input == null ? null : ParseInput(input));
            Console.Out.Write($"{network.Summary()}\n{architecture.Description}.\n{architecture.Paper}.\n");
            return ExitCode.Success;
        }

        if (!File.Exists(subject))
        {
            throw new CommandException(
                $"summary takes the name of an architecture ({KnownArchitectures()}) or a model file. "
                + $"Received: \"{subject}\", which is neither.");
        }

        if (input != null)
        {
            throw new CommandException(
                $"--input is for architectures; a model has its input already. Received: {input} for \"{subject}\".");
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
