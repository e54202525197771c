using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Reports;
using Microsoft.ML.ConvNet.Onnx;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet export</c>: writes the network of a model as an ONNX file, with what is done to pixels before it and the names of the classes.</summary>
internal static class ExportCommand
{
    public static System.CommandLine.Command Create()
    {
        Option<string> model = CommandOptions.Model("The model file.", required: true);
        Argument<string> onnx = new("output") { Description = "The ONNX file to write.", HelpName = "OUT.onnx" };
        System.CommandLine.Command command = new("export", "Writes the network of a model as an ONNX file.") { model, onnx };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(model), parsed.GetRequiredValue(onnx)));
        return command;
    }

    private static int Run(string modelPath, string onnxPath)
    {
        OutputFile.RequireWritable(onnxPath, "OUT.onnx");
        using LoadedModel model = LoadedModel.Load(modelPath);
        ConvNetModelParameters parameters = model.Parameters;
        OnnxExportOptions options = new()
        {
            InputOffsets = parameters.PixelOffsets,
            InputScales = parameters.PixelScales,
            ClassNames = model.ClassNames.Count > 0 ? model.ClassNames : null,
        };
        OnnxExport.Save(parameters.Network, parameters.Weights, onnxPath, options);
        OnnxModel written = OnnxModel.Load(onnxPath);
        Console.Out.WriteLine($"saved {TerminalText.Of(onnxPath)}: opset {written.OpsetVersion}, {written.NodeCount} nodes");
        string colours = parameters.Network.InputShape.Channels != 3 ? string.Empty
            : parameters.ChannelOrder == ChannelOrder.Bgr ? ", blue first"
            : ", red first";
        Console.Out.WriteLine($"input {TerminalText.Of(written.Inputs[0].ToString())}, pixels as they are{colours}");
        Console.Out.WriteLine($"output {TerminalText.Of(written.Outputs[0].ToString())}");
        if (model.ClassNames.Count > 0)
        {
            Console.Out.WriteLine($"classes {NameList.Of(model.ClassNames)}, in the metadata \"names\"");
        }

        return ExitCode.Success;
    }
}
