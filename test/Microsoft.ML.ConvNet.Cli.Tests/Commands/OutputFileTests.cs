using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>What is written goes where the path leads, and nothing else changes there.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
[UnsupportedOSPlatform("windows")]
public sealed class OutputFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_report_for_standard_output_is_written_to_it()
    {
        string output = ConvNetProgram.RunProcess([.. Predict(), "--json", "/dev/stdout"]).Succeeded().Output;
        int start = output.IndexOf('{', StringComparison.Ordinal);
        JsonElement report = JsonDocument.Parse(output[start..]).RootElement;
        Assert.AreEqual(1, report.GetProperty("predictions").GetArrayLength());
        StringAssert.StartsWith(output, _folder["a.png"]);
    }

    [TestMethod]
    public void A_report_for_a_pipe_is_written_to_its_reader()
    {
        string pipe = _folder["pipe"];
        using (Process maker = Process.Start("mkfifo", [pipe]))
        {
            maker.WaitForExit();
        }

        Task<string> read = Task.Run(() => File.ReadAllText(pipe));
        ConvNetProgram.Run([.. Predict(), "--json", pipe]).Succeeded();
        Assert.IsTrue(read.Wait(TimeSpan.FromMinutes(1)));
        Assert.AreEqual(1, JsonDocument.Parse(read.Result).RootElement.GetProperty("predictions").GetArrayLength());
        Assert.AreEqual(0, new FileInfo(pipe).Length, "it is still a pipe");
    }

    [TestMethod]
    public void A_model_is_written_to_the_file_behind_a_link_which_keeps_its_mode()
    {
        Directory.CreateDirectory(_folder["models"]);
        string file = Path.Combine(_folder["models"], "real.zip");
        File.WriteAllText(file, "old");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(_folder["m.zip"], file);
        ConvNetProgram.Run(
            "train", "--data", TrainedModels.ColoursFolder, "--arch", "16x16x3 conv3-4 relu gap fc", "--epochs", "1",
            "--model", _folder["m.zip"]).Succeeded();
        Assert.AreEqual(file, new FileInfo(_folder["m.zip"]).LinkTarget);
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        CollectionAssert.AreEqual(new[] { file }, Directory.GetFiles(_folder["models"]), "nothing temporary is left");
        ConvNetProgram.Run("summary", file).Succeeded();
    }

    private string[] Predict()
    {
        ImageFolders.WriteColour(_folder["a.png"], 20, 0, new Random(1));
        return ["predict", "--model", TrainedModels.ColoursModel, _folder["a.png"]];
    }
}
