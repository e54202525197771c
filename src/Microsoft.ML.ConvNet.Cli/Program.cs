using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using Microsoft.ML.ConvNet.Cli.Commands;
using Microsoft.ML.ConvNet.Cli.Display;

namespace Microsoft.ML.ConvNet.Cli;

/// <summary>The <c>convnet</c> tool: results on standard output, errors in one line on standard error.</summary>
internal static class Program
{
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the program; gives its exit code.</summary>
    internal static int Main(string[] arguments)
    {
        UseInvariantCulture();
        StandardWriter output = new(Console.Out, isEscaped: true);
        Console.SetOut(output);
        Console.SetError(new StandardWriter(Console.Error, isEscaped: true));
        int code = Run(arguments);
        if (output.Failure is not { } failure)
        {
            return code;
        }

        Console.Error.WriteLine($"error: not all of standard output could be written: {ErrorLine.Of(failure)}");
        return code == ExitCode.Success ? ExitCode.Failure : code;
    }

    private static int Run(string[] arguments)
    {
        ParseResult parsed = CreateRootCommand().Parse(arguments.Length == 0 ? ["--help"] : arguments, Parsing);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            Console.Error.WriteLine($"error: {WrongArguments(parsed)}");
            return ExitCode.Failure;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("error: stopped before there was anything to save");
            return ExitCode.Interrupted;
        }
#pragma warning disable CA1031 // Whatever goes wrong ends in one line on standard error and an exit code, not in a stack trace.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"error: {ErrorLine.Of(error)}");
            return ExitCode.Failure;
        }
    }

    // What is printed and written is read by programs, too: numbers look the same wherever the program runs, in ML.NET's tables as well.
    private static void UseInvariantCulture()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
    }

    private static string WrongArguments(ParseResult parsed)
    {
        string command = parsed.CommandResult.Command is RootCommand ? "convnet" : $"convnet {parsed.CommandResult.Command.Name}";
        string message = parsed.UnmatchedTokens.Count > 0
            ? $"There is no such command, option or argument. Received: {parsed.UnmatchedTokens[0]}."
            : ErrorLine.InOneLine(parsed.Errors[0].Message);
        return $"{message} For what there is, see: {command} --help";
    }

    /// <summary>All commands.</summary>
    internal static RootCommand CreateRootCommand() => new(
        "Trains, evaluates and runs convolutional networks for images, through ML.NET pipelines.\n"
        + "To begin: convnet demo trains a network on digits that it draws; then\n"
        + "  convnet train --data FOLDER --arch lenet5 --model m.zip    FOLDER has a subfolder of images a class\n"
        + "  convnet finetune --data FOLDER --base resnet18 --model m.zip    teaches a trained network the classes, with fewer images\n"
        + "  convnet predict --model m.zip IMAGE...\n"
        + "Exit codes: 0 success; 1 an error, in one line on standard error; 130 stopped by Ctrl+C (what was learnt so far is saved).")
    {
        DemoCommand.Create(),
        TrainCommand.Create(),
        FineTuneCommand.Create(),
        EvaluateCommand.Create(),
        PredictCommand.Create(),
        SummaryCommand.Create(),
        ZooCommand.Create(),
        AugmentCommand.Create(),
        ProfileCommand.Create(),
        ImportCommand.Create(),
        ExportCommand.Create(),
        VerifyCommand.Create(),
    };
}
