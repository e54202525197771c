using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>A trained network that learns other classes.</summary>
[TestClass]
public sealed class FineTuneCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_model_of_this_tool_learns_other_classes_and_tells_how_it_went()
    {
        ProgramRun run = FineTune("--base", TrainedModels.ColoursModel, "--epochs", "2", "--head-epochs", "20", "--json", _folder["r.json"]).Succeeded();

        StringAssert.Contains(run.Output, "features: 81 of 81\n");
        StringAssert.Contains(run.Output, "classifier: epoch 20/20");
        StringAssert.Contains(run.Output, "epoch 2/2");
        StringAssert.Contains(run.Output, $"saved to {_folder["m.zip"]}\n");
        JsonElement report = TrainedModels.ReadJson(_folder["r.json"]);
        Assert.AreEqual(2, report.GetProperty("epochs").GetArrayLength());
        Assert.AreEqual("validation", report.GetProperty("evaluatedOn").GetString());
        Assert.IsGreaterThan(0.9, report.GetProperty("accuracy").GetDouble(), run.Output);

        // What was saved reads files of any size by itself.
        ProgramRun evaluated = ConvNetProgram.Run("evaluate", "--model", _folder["m.zip"], "--data", TrainedModels.ColoursFolder).Succeeded();
        StringAssert.Contains(evaluated.Output, "90 images");
        ConvNetProgram.Run("predict", "--model", _folder["m.zip"], Path.Combine(TrainedModels.ColoursFolder, "red", "0.png")).Succeeded();
    }

    [TestMethod]
    public void The_classifier_alone_is_trained_where_no_epochs_are_asked_for()
    {
        FineTune("--base", TrainedModels.ColoursModel, "--epochs", "0", "--head-epochs", "3", "--json", _folder["r.json"]).Succeeded();
        Assert.AreEqual(3, TrainedModels.ReadJson(_folder["r.json"]).GetProperty("epochs").GetArrayLength());
        using LoadedModel before = LoadedModel.Load(TrainedModels.ColoursModel);
        using LoadedModel after = LoadedModel.Load(_folder["m.zip"]);
        CollectionAssert.AreEqual(before.Weights["conv1.weight"].ToArray(), after.Weights["conv1.weight"].ToArray());
    }

    [TestMethod]
    public void What_is_for_epochs_of_the_network_is_refused_where_there_are_none()
    {
        string[] options = ["--base", TrainedModels.ColoursModel, "--epochs", "0"];
        FineTune([.. options, "--checkpoints", _folder["c"]]).FailedWithOneLine("--checkpoints is for epochs of the whole network", "a --epochs of 0");
        FineTune([.. options, "--horizontal-flip"]).FailedWithOneLine("Augmentation (--horizontal-flip and the like) is for epochs");
        FineTune([.. options, "--frozen-layers", "conv1"]).FailedWithOneLine("--frozen-layers is for epochs");
    }

    [TestMethod]
    public void Logs_are_written_and_a_training_that_does_not_get_better_is_stopped()
    {
        FineTune(
            "--base", TrainedModels.ColoursModel, "--epochs", "9", "--head-epochs", "2", "--learning-rate", "1e-9", "--schedule", "constant",
            "--early-stopping", "3:metric=loss,minimum-change=0.1", "--log-csv", _folder["log.csv"], "--json", _folder["r.json"]).Succeeded();
        Assert.AreEqual(4, TrainedModels.ReadJson(_folder["r.json"]).GetProperty("epochs").GetArrayLength());
        Assert.HasCount(5, File.ReadAllLines(_folder["log.csv"]));
    }

    [TestMethod]
    [DataRow("--weight-average 0.9")]
    [DataRow("--label-smoothing 0.1")]
    [DataRow("--optimizer sgd")]
    [DataRow("--weight-decay 2")]
    [DataRow("--loss focal")]
    [DataRow("--clip-gradient-norm 0.001")]
    [DataRow("--clip-gradient-value 0.00001")]
    [DataRow("--accumulated-batches 2")]
    [DataRow("--mixup 0.4")]
    [DataRow("--cutmix 1")]
    [DataRow("--depth-parts 1")]
    [DataRow("--depth-factor 0.9")]
    public void It_learns_in_another_way(string option)
    {
        FineTune([.. Short, "--log-csv", _folder["usual.csv"]]).Succeeded();
        FineTune([.. Short, "--log-csv", _folder["other.csv"], .. option.Split(' ')]).Succeeded();
        Assert.AreNotEqual(Losses("usual.csv"), Losses("other.csv"));
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_weights_and_another_does_not()
    {
        string[] options = ["--base", TrainedModels.ColoursModel, "--epochs", "1", "--head-epochs", "2"];
        Tensor[] weights = [.. new[] { ("a.zip", "5", "1"), ("b.zip", "5", "2"), ("c.zip", "6", "1") }.Select(run =>
        {
            ConvNetProgram.Run(
                ["finetune", "--data", TrainedModels.ColoursFolder, "--model", _folder[run.Item1], "--seed", run.Item2, "--threads", run.Item3, .. options])
                .Succeeded();
            using LoadedModel model = LoadedModel.Load(_folder[run.Item1]);
            return model.Weights["conv1.weight"].Clone();
        })];
        CollectionAssert.AreEqual(weights[0].ToArray(), weights[1].ToArray());
        CollectionAssert.AreNotEqual(weights[0].ToArray(), weights[2].ToArray());
    }

    [TestMethod]
    public void An_ONNX_model_is_a_base_with_what_is_done_to_its_pixels()
    {
        ConvNetProgram.Run("export", "--model", TrainedModels.ColoursModel, _folder["m.onnx"]).Succeeded();
        FineTune("--base", _folder["m.onnx"], "--mean", "100,110,120", "--std", "50", "--order", "bgr", "--epochs", "0", "--head-epochs", "2").Succeeded();
        using LoadedModel model = LoadedModel.Load(_folder["m.zip"]);
        CollectionAssert.AreEqual(new[] { 100f, 110, 120 }, model.Parameters.PixelOffsets.ToArray());
        CollectionAssert.AreEqual(new[] { 1 / 50f, 1 / 50f, 1 / 50f }, model.Parameters.PixelScales.ToArray());
        Assert.AreEqual(ChannelOrder.Bgr, model.Parameters.ChannelOrder);
    }

    [TestMethod]
    public void Weights_of_torchvisions_names_are_a_base_with_their_architecture()
    {
        Architecture architecture = Architecture.Get("squeezenet");
        Network network = architecture.Create(architecture.DefaultInput, architecture.Classes);
        using (Weights weights = Weights.Initialize(network, seed: 3))
        {
            AtomicFile.Write(_folder["w.safetensors"], stream => PyTorchWeights.Write(weights, stream));
        }

        FineTune("--base", _folder["w.safetensors"]).FailedWithOneLine("--arch names the architecture", "Received: none");
        ProgramRun run = FineTune(
            "--base", _folder["w.safetensors"], "--arch", "squeezenet", "--image-size", "48", "--epochs", "0", "--head-epochs", "1").Succeeded();
        StringAssert.Contains(run.Output, "squeezenet to the layer");
        StringAssert.Contains(run.Output, "images of 48x48x3");
    }

    [TestMethod]
    public void Digits_of_IDX_files_are_resized_to_what_the_network_takes()
    {
        string digits = _folder["digits"];
        IdxFiles.WriteDigits(digits, training: 60, test: 20);
        ConvNetProgram.Run(
            "finetune", "--data", digits, "--base", TrainedModels.ColoursModel, "--epochs", "0", "--head-epochs", "2", "--validation-fraction", "0",
            "--model", _folder["m.zip"]).Succeeded();
        ConvNetProgram.Run("evaluate", "--model", _folder["m.zip"], "--data", digits).Succeeded();
    }

    [TestMethod]
    public void A_stopped_training_goes_on_to_the_bits_of_one_that_was_not()
    {
        string[] options = ["--base", TrainedModels.ColoursModel, "--head-epochs", "2", "--epochs", "2"];
        FineTune([.. options, "--checkpoints", _folder["c"]]).Succeeded();
        using LoadedModel whole = LoadedModel.Load(_folder["m.zip"]);
        float[] expected = whole.Weights["conv1.weight"].ToArray();
        foreach (string newest in Directory.GetFiles(_folder["c"]).Order(StringComparer.Ordinal).TakeLast(1))
        {
            File.Delete(newest);
        }

        FineTune([.. options, "--checkpoints", _folder["c"], "--resume"]).Succeeded();
        using LoadedModel resumed = LoadedModel.Load(_folder["m.zip"]);
        CollectionAssert.AreEqual(expected, resumed.Weights["conv1.weight"].ToArray());
        FineTune([.. options, "--resume"]).FailedWithOneLine("--resume is for the folder of --checkpoints");
    }

    [TestMethod]
    public void What_is_no_base_is_refused_before_anything_is_trained()
    {
        FineTune("--base", _folder["none.zip"]).FailedWithOneLine("--base names resnet18", _folder["none.zip"], "does not exist");
        FineTune("--base", _folder.Path).FailedWithOneLine("is a folder");
        File.WriteAllText(_folder["text.onnx"], "no model");
        FineTune("--base", _folder["text.onnx"]).FailedWithOneLine("--base names", _folder["text.onnx"]);
        FineTune("--base", TrainedModels.ColoursModel, "--arch", "resnet18").FailedWithOneLine("--arch is for a .safetensors file");
        FineTune("--base", TrainedModels.ColoursModel, "--mean", "1").FailedWithOneLine("before an ONNX model");
        FineTune("--base", TrainedModels.ColoursModel, "--layer", "nowhere").FailedWithOneLine("--layer and --image-size fit the network", "nowhere");
        FineTune("--base", TrainedModels.ColoursModel, "--image-size", "9").FailedWithOneLine("--layer and --image-size fit the network", "9");
        Assert.IsFalse(File.Exists(_folder["m.zip"]));
    }

    /// <summary>The file of the package, where this machine's NuGet has it.</summary>
    [TestMethod]
    public void ResNet18_needs_no_file_of_the_users()
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        if (!File.Exists(Path.Combine(packages, "microsoft.ml.dnnimagefeaturizer.resnet18", "0.23.1", ".nupkg.metadata")))
        {
            Assert.Inconclusive("Microsoft.ML.DnnImageFeaturizer.ResNet18 is not among the packages of this machine.");
        }

        ProgramRun run = FineTune("--base", "resnet18", "--image-size", "64", "--epochs", "0", "--head-epochs", "30").Succeeded();
        StringAssert.Contains(run.Output, "resnet18 to the layer");
        using LoadedModel model = LoadedModel.Load(_folder["m.zip"]);
        Assert.HasCount(64 * 64 * 3, model.Parameters.PixelOffsets);
    }

    private static readonly string[] Short = ["--base", TrainedModels.ColoursModel, "--epochs", "2", "--head-epochs", "3"];

    private string Losses(string log) => string.Join(' ', File.ReadAllLines(_folder[log]).Select(line => string.Join(',', line.Split(',')[1..5])));

    private ProgramRun FineTune(params string[] options) =>
        ConvNetProgram.Run(["finetune", "--data", TrainedModels.ColoursFolder, "--model", _folder["m.zip"], .. options]);
}
