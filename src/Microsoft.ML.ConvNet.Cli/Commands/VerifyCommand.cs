using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Onnx;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet verify</c>: whether an ONNX model computes here what it should.</summary>
internal static class VerifyCommand
{
    private const double UsualRelative = 1e-3;
    private const double UsualAbsolute = 1e-5;

    public static System.CommandLine.Command Create()
    {
        Argument<string> onnx = ImportCommand.OnnxArgument("The ONNX model.");
        Option<string> data = CommandOptions.Data(
            "A folder with input_0.pb, ..., and output_0.pb, ...: tensors, as ONNX's own test cases have them.", required: true);
        Option<double?> relative = NumberOptions.Real(
            "--rtol", new RealRange(0, 1), "How far a number may be off, as a share of what it should be; by default 0.001.");
        Option<double?> absolute = NumberOptions.Real(
            "--atol", new RealRange(0, 1e6), "How far it may be off beyond that; by default 0.00001.");
        ImportLimits limits = new();
        System.CommandLine.Command command = new(
            "verify", "Compares what an ONNX model computes here with what it should: exit code 0 where it agrees, 1 where it does not.")
        {
            onnx,
            data,
            relative,
            absolute,
        };
        limits.AddTo(command);
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(onnx),
            parsed.GetRequiredValue(data),
            parsed.GetValue(relative) ?? UsualRelative,
            parsed.GetValue(absolute) ?? UsualAbsolute,
            limits.Of(parsed)));
        return command;
    }

    private static int Run(string onnxPath, string folder, double relative, double absolute, OnnxImportOptions limits)
    {
        IReadOnlyList<OnnxComparison> comparisons = OnnxVerification.Run(OnnxModel.Load(onnxPath), folder, relative, absolute, limits);
        foreach (OnnxComparison comparison in comparisons)
        {
            Console.Out.WriteLine($"{TerminalText.Of(comparison.ToString())}{(comparison.IsWithinTolerance ? string.Empty : ", beyond the tolerance")}");
        }

        bool agrees = comparisons.All(comparison => comparison.IsWithinTolerance);
        Console.Out.WriteLine(FormattableString.Invariant(
            $"{(agrees ? "agrees" : "differs")}: largest error {comparisons.Max(comparison => comparison.LargestError):0.###e+0}"));
        return agrees ? ExitCode.Success : ExitCode.Failure;
    }
}
