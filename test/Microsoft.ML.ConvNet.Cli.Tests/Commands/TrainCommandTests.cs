using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

[TestClass]
public sealed class TrainCommandTests
{
    [TestMethod]
    public void Training_on_IDX_files_says_what_it_does_in_plain_lines_when_the_output_is_no_terminal()
    {
        ProgramRun run = TrainedModels.DigitsRun.Succeeded();
        StringAssert.Contains(run.Output, "1,000 images, 28x28x1, 10 classes; 800 to train, 200 to validate");
        StringAssert.Contains(run.Output, "lenet5");
        StringAssert.Contains(run.Output, "epoch 1/4  loss ");
        StringAssert.Contains(run.Output, "epoch 4/4  loss ");
        StringAssert.Contains(run.Output, $"saved to {TrainedModels.DigitsModel}");
        Assert.IsFalse(run.Output.Any(character => char.IsControl(character) && character != '\n'), "no escape sequences");
    }

    [TestMethod]
    public void The_JSON_of_a_training_has_accuracy_log_loss_speed_epochs_and_confusion_that_belong_together()
    {
        JsonElement report = TrainedModels.DigitsReport;
        double accuracy = report.GetProperty("accuracy").GetDouble();
        Assert.IsTrue(accuracy > 0.5, $"a network that learns: {accuracy}");
        Assert.IsTrue(report.GetProperty("logLoss").GetDouble() > 0);
        Assert.IsTrue(report.GetProperty("imagesPerSecond").GetDouble() > 0);
        Assert.AreEqual("validation", report.GetProperty("evaluatedOn").GetString());
        Assert.IsFalse(report.GetProperty("interrupted").GetBoolean());

        JsonElement[] epochs = [.. report.GetProperty("epochs").EnumerateArray()];
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4 }, epochs.Select(epoch => epoch.GetProperty("epoch").GetInt32()).ToArray());
        Assert.IsTrue(epochs[^1].GetProperty("loss").GetDouble() < epochs[0].GetProperty("loss").GetDouble());
        double bestEpoch = epochs.Max(epoch => epoch.GetProperty("validationAccuracy").GetDouble());
        Assert.AreEqual(bestEpoch, accuracy, 1e-6, "the best epoch's weights are kept");

        long[][] confusion = [.. report.GetProperty("confusion").EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.GetInt64()).ToArray())];
        Assert.AreEqual(10, confusion.Length);
        Assert.IsTrue(confusion.All(row => row.Length == 10 && row.Sum() == 20), "a row a true class; the split is stratified");
        Assert.AreEqual(accuracy, Enumerable.Range(0, 10).Sum(label => confusion[label][label]) / 200.0, 1e-9);
    }

    [TestMethod]
    public void Training_on_a_folder_of_colour_images_of_several_sizes_resizes_them_for_the_architecture()
    {
        ProgramRun run = TrainedModels.ColoursRun.Succeeded();
        StringAssert.Contains(run.Output, "90 images, of several sizes, 3 classes; 81 to train, 9 to validate");
        StringAssert.Contains(run.Output, "28x28x3");
        Assert.IsTrue(File.Exists(TrainedModels.ColoursModel));
    }

    [TestMethod]
    public void Layers_in_one_line_are_trained_saved_and_used_again()
    {
        using TestFolder folder = new();
        ProgramRun run = ConvNetProgram.Run(
            "train", "--data", TrainedModels.ColoursFolder, "--arch", "16x16x3 conv3-8 bn relu pool2 gap fc", "--epochs", "1",
            "--model", folder["m.zip"]).Succeeded();
        StringAssert.Contains(run.Output, "16x16x3");
        StringAssert.Contains(ConvNetProgram.Run("summary", folder["m.zip"]).Succeeded().Output, "Classes: blue, green, red");
    }

    [TestMethod]
    public void Layers_in_one_line_with_other_outputs_than_classes_are_refused()
    {
        using TestFolder folder = new();
        ConvNetProgram.Run(
            "train", "--data", TrainedModels.ColoursFolder, "--arch", "16x16x3 conv3-8 relu gap fc10", "--model", folder["m.zip"])
            .FailedWithOneLine("one output a class, 3", "fc without a number");
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_model_at_one_and_at_two_threads()
    {
        using TestFolder folder = new();
        string[] common = ["train", "--data", TrainedModels.ColoursFolder, "--arch", "lenet5-1998", "--epochs", "2", "--seed", "7"];
        string[] images = [.. ImageFolders.Colours.Select(colour => Path.Combine(TrainedModels.ColoursFolder, colour, "0.png"))];
        List<string> predictions = [];
        foreach (string threads in (string[])["1", "2"])
        {
            string model = folder[$"{threads}.zip"];
            ConvNetProgram.Run([.. common, "--threads", threads, "--model", model]).Succeeded();
            ConvNetProgram.Run(["predict", "--model", model, "--json", folder["p.json"], .. images]).Succeeded();
            predictions.Add(File.ReadAllText(folder["p.json"]));
        }

        Assert.AreEqual(predictions[0], predictions[1]);
    }

    [TestMethod]
    public void Without_validation_images_the_accuracy_is_that_of_the_training_images()
    {
        using TestFolder folder = new();
        ConvNetProgram.Run(
            "train", "--data", TrainedModels.ColoursFolder, "--arch", "mnist-convnet", "--epochs", "1", "--validation-fraction", "0",
            "--learning-rate", "1e-3", "--model", folder["m.zip"], "--json", folder["r.json"]).Succeeded();
        JsonElement report = TrainedModels.ReadJson(folder["r.json"]);
        Assert.AreEqual("training", report.GetProperty("evaluatedOn").GetString());
        Assert.AreEqual(90, report.GetProperty("images").GetInt32());
        Assert.AreEqual(JsonValueKind.Null, report.GetProperty("epochs")[0].GetProperty("validationLoss").ValueKind);
        CollectionAssert.AreEquivalent(
            new[] { "m.zip", "r.json" }, Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray(), "nothing temporary is left");
    }
}
