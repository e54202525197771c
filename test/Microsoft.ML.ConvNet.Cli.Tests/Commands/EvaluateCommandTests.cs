using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

[TestClass]
public sealed class EvaluateCommandTests
{
    [TestMethod]
    public void Evaluating_takes_the_t10k_part_of_a_folder_of_IDX_files()
    {
        using TestFolder folder = new();
        ProgramRun run = ConvNetProgram.Run(
            "evaluate", "--model", TrainedModels.DigitsModel, "--data", TrainedModels.DigitsFolder, "--json", folder["r.json"]).Succeeded();
        StringAssert.Contains(run.Output, "200 images");
        JsonElement report = TrainedModels.ReadJson(folder["r.json"]);
        Assert.AreEqual("test", report.GetProperty("evaluatedOn").GetString());
        Assert.AreEqual(0, report.GetProperty("epochs").GetArrayLength());
        Assert.AreEqual(200, report.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(cell => cell.GetInt32())));
        Assert.IsTrue(report.GetProperty("accuracy").GetDouble() > 0.5);
    }

    [TestMethod]
    public void A_model_trained_on_IDX_files_does_the_same_on_the_same_images_as_PNG_files()
    {
        using TestFolder folder = new();
        string images = ImageFolders.WriteDigits(folder["images"], new SyntheticDigits(200, seed: 2));
        ConvNetProgram.Run(
            "evaluate", "--model", TrainedModels.DigitsModel, "--data", TrainedModels.DigitsFolder, "--json", folder["idx.json"]).Succeeded();
        ConvNetProgram.Run(
            "evaluate", "--model", TrainedModels.DigitsModel, "--data", images, "--json", folder["png.json"]).Succeeded();
        JsonElement fromIdx = TrainedModels.ReadJson(folder["idx.json"]);
        JsonElement fromPng = TrainedModels.ReadJson(folder["png.json"]);
        Assert.AreEqual(fromIdx.GetProperty("logLoss").GetDouble(), fromPng.GetProperty("logLoss").GetDouble(), 1e-12);
        Assert.AreEqual(fromIdx.GetProperty("confusion").GetRawText(), fromPng.GetProperty("confusion").GetRawText());
    }

    [TestMethod]
    public void Classes_are_matched_by_name_and_may_be_missing()
    {
        using TestFolder folder = new();
        string red = Directory.CreateDirectory(Path.Combine(folder["images"], "red")).FullName;
        ImageFolders.WriteColour(Path.Combine(red, "a.png"), 20, Array.IndexOf(ImageFolders.Colours, "red"), new Random(5));
        ConvNetProgram.Run(
            "evaluate", "--model", TrainedModels.ColoursModel, "--data", folder["images"], "--json", folder["r.json"]).Succeeded();
        JsonElement report = TrainedModels.ReadJson(folder["r.json"]);
        CollectionAssert.AreEqual(
            ImageFolders.Colours, report.GetProperty("classes").EnumerateArray().Select(name => name.GetString()).ToArray());
        long[] ofRed = [.. report.GetProperty("confusion")[2].EnumerateArray().Select(cell => cell.GetInt64())];
        CollectionAssert.AreEqual(new long[] { 0, 0, 1 }, ofRed, "a row a true class, in the order of the model's classes");
    }
}
