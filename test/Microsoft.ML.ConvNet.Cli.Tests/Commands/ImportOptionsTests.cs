using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>What an import refuses is said with the option of the tool that allows it, and the option does.</summary>
[TestClass]
public sealed class ImportOptionsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("--max-weight-bytes", "by --max-weight-bytes. Received", "The memory for the weights is at most", "bytes")]
    [DataRow("--max-activation-bytes", "at most 1 bytes", "raise --max-activation-bytes.")]
    [DataRow("--max-layer-bytes", "at most 1 bytes", "raise --max-layer-bytes.")]
    [DataRow("--max-folded-bytes", "by --max-folded-bytes. Received", "computed at import", "bytes in all")]
    [DataRow("--max-folded-multiply-adds", "by --max-folded-multiply-adds. Received", "with at most 1 multiply-adds")]
    public void Each_limit_is_an_option_that_the_message_names(string option, params string[] texts)
    {
        // Weights of 192 x 4 numbers, a product of 192 x 768 and 768 x 4, in a file of some hundred bytes.
        OnnxFiles.WriteProductOfConstants(_folder["net.onnx"]);
        string[] import = ["import", _folder["net.onnx"], "--model", _folder["m.zip"]];
        ProgramRun refused = ConvNetProgram.Run([.. import, option, "1"]).FailedWithOneLine(texts);
        Assert.IsFalse(refused.Error.Contains("OnnxImportOptions", StringComparison.Ordinal), refused.Error);
        Assert.IsFalse(refused.Error.Contains("NetworkLimits", StringComparison.Ordinal), refused.Error);
        Assert.IsFalse(File.Exists(_folder["m.zip"]));
        ConvNetProgram.Run([.. import, option, "10000000000"]).Succeeded();
        ConvNetProgram.Run([.. import, option, "-1"]).FailedWithOneLine($"{option} is a whole number from 0 to", "Received: -1");
        ConvNetProgram.Run([.. import, option, "8,000"]).FailedWithOneLine(option, "written without separators. Received: 8,000");
    }

    [TestMethod]
    public void A_verification_imports_within_the_same_limits()
    {
        OnnxFiles.WriteProductOfConstants(_folder["net.onnx"]);
        OnnxFiles.WriteTensor(_folder["input_0.pb"], [1, 3, 8, 8], new float[192]);
        OnnxFiles.WriteTensor(_folder["output_0.pb"], [1, 4], new float[4]);
        string[] verify = ["verify", _folder["net.onnx"], "--data", _folder.Path];
        ConvNetProgram.Run(verify).Succeeded();
        ConvNetProgram.Run([.. verify, "--max-folded-multiply-adds", "1"]).FailedWithOneLine("by --max-folded-multiply-adds. Received");
        ConvNetProgram.Run([.. verify, "--max-weight-bytes", "1"]).FailedWithOneLine("by --max-weight-bytes. Received");
    }

    [TestMethod]
    public void A_size_that_the_model_leaves_open_can_be_said()
    {
        OnnxFiles.WriteProductOfConstants(_folder["net.onnx"], size: null);
        string[] import = ["import", _folder["net.onnx"], "--model", _folder["m.zip"]];
        ConvNetProgram.Run(import).FailedWithOneLine("\"x\": Float [?, 3, ?, ?]; set --input.");
        ConvNetProgram.Run([.. import, "--input", "1x3x0x8"]).FailedWithOneLine("--input is dimensions from 1 to 65536 with an x between them", "1x3x0x8");
        StringAssert.Contains(ConvNetProgram.Run([.. import, "--input", "1x3x8x8"]).Succeeded().Output, "images of 8x8x3, 4 classes");
    }

    [TestMethod]
    [DataRow(null, ImageBackground.White)]
    [DataRow("white", ImageBackground.White)]
    [DataRow("black", ImageBackground.Black)]
    public void The_ground_of_transparent_pixels_goes_with_the_model(string? ground, ImageBackground expected)
    {
        OnnxFiles.WriteProductOfConstants(_folder["net.onnx"]);
        string[] import = ["import", _folder["net.onnx"], "--model", _folder["m.zip"]];
        ConvNetProgram.Run(ground is null ? import : [.. import, "--background", ground]).Succeeded();
        using LoadedModel model = LoadedModel.Load(_folder["m.zip"]);
        Assert.AreEqual(expected, model.Parameters.ImageBackground);
    }
}
