using System.Diagnostics;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>A named pipe where a file is wanted is an error, for who opens one waits until somebody writes.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
public sealed class PipeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [Timeout(60_000)]
    [DataRow("summary PIPE")]
    [DataRow("evaluate --model PIPE --data COLOURS")]
    [DataRow("train --data COLOURS --arch lenet5 --model OUT --weights PIPE")]
    [DataRow("finetune --data COLOURS --model OUT --base PIPE")]
    [DataRow("import PIPE --model OUT")]
    [DataRow("import ONNX --model OUT --labels PIPE")]
    public void A_named_pipe_is_refused_and_not_waited_for(string arguments)
    {
        string pipe = _folder["pipe"];
        using (Process maker = Process.Start("mkfifo", [pipe]))
        {
            maker.WaitForExit();
        }

        if (arguments.Contains("ONNX", StringComparison.Ordinal))
        {
            ConvNetProgram.Run("export", "--model", TrainedModels.DigitsModel, _folder["m.onnx"]).Succeeded();
        }

        string[] given = [.. arguments.Split(' ').Select(word => word switch
        {
            "PIPE" => pipe,
            "COLOURS" => TrainedModels.ColoursFolder,
            "ONNX" => _folder["m.onnx"],
            "OUT" => _folder["out.zip"],
            _ => word,
        })];
        ConvNetProgram.Run(given).FailedWithOneLine(pipe, "which is a named pipe");
    }
}
