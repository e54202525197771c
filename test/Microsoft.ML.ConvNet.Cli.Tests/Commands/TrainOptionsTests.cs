using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>Each option of a training does what it says.</summary>
[TestClass]
public sealed class TrainOptionsTests : IDisposable
{
    private const string Layers = "16x16x3 conv3-4 relu pool2 gap fc";

    private static readonly Lazy<string> UsualLosses = new(() =>
    {
        using TrainOptionsTests usual = new();
        return Losses(usual.Train("usual.zip"));
    });

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("--clip-gradient-norm 0.001")]
    [DataRow("--label-smoothing 0.3")]
    [DataRow("--no-shuffle")]
    [DataRow("--horizontal-flip")]
    [DataRow("--vertical-flip")]
    [DataRow("--rotation 20")]
    [DataRow("--shift 0.2")]
    [DataRow("--zoom 0.2")]
    [DataRow("--brightness 0.3")]
    [DataRow("--augment trivial")]
    [DataRow("--augment rand")]
    public void It_trains_in_another_way(string option)
    {
        Assert.AreNotEqual(UsualLosses.Value, Losses(Train("other.zip", option.Split(' '))));
    }

    [TestMethod]
    public void It_trains_in_the_same_way_again() => Assert.AreEqual(UsualLosses.Value, Losses(Train("again.zip")));

    [TestMethod]
    public void Frozen_layers_keep_the_weights_that_they_begin_with()
    {
        ProgramRun run = ConvNetProgram.Run(
            [.. Arguments("frozen.zip"), "--data", TrainedModels.ColoursFolder, "--arch", Layers, "--epochs", "2", "--frozen-layers", "conv1"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(
            "warning: --frozen-layers keep the weights that they begin with, and these are drawn at random for conv1: --weights would give them others.\n",
            run.Error);
        Train("free.zip");
        using LoadedModel frozen = LoadedModel.Load(_folder["frozen.zip"]);
        using LoadedModel free = LoadedModel.Load(_folder["free.zip"]);
        using Weights begun = Weights.Initialize(frozen.Network, seed: 0);
        float[] first = begun["conv1.weight"].Span.ToArray();
        CollectionAssert.AreEqual(first, frozen.Weights["conv1.weight"].Span.ToArray());
        CollectionAssert.AreNotEqual(first, free.Weights["conv1.weight"].Span.ToArray());

        ConvNetProgram.Run([.. Arguments("m.zip"), "--data", TrainedModels.ColoursFolder, "--arch", Layers, "--frozen-layers", "conv9"]).FailedWithOneLine("conv9", "conv1");
    }

    [TestMethod]
    public void The_order_of_colours_stays_with_the_model()
    {
        Train("bgr.zip", "--order", "bgr");
        using LoadedModel model = LoadedModel.Load(_folder["bgr.zip"]);
        Assert.AreEqual(ChannelOrder.Bgr, model.Parameters.ChannelOrder);
    }

    [TestMethod]
    public void Without_keeping_the_best_the_model_is_that_of_the_last_epoch()
    {
        // Rates so high that the accuracy jumps up and down: with one or another the last epoch is not the best.
        foreach (string rate in (string[])["0.05", "0.1", "0.2", "0.03", "0.02"])
        {
            string[] restless =
                ["--data", TrainedModels.DigitsFolder, "--arch", "conv5-4 relu pool4 fc", "--learning-rate", rate, "--epochs", "7"];
            JsonElement last = Train("last.zip", [.. restless, "--no-keep-best"]);
            double[] accuracies =
                [.. last.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("validationAccuracy").GetDouble())];
            Assert.AreEqual(accuracies[^1], last.GetProperty("accuracy").GetDouble(), 1e-9);
            if (accuracies[^1] < accuracies.Max())
            {
                Assert.AreEqual(accuracies.Max(), Train("kept.zip", restless).GetProperty("accuracy").GetDouble(), 1e-9);
                return;
            }
        }

        Assert.Inconclusive("With every rate the last epoch was the best.");
    }

    [TestMethod]
    public void A_training_that_diverges_late_saves_what_it_had()
    {
        // One step an epoch, and one that is far too long: the loss of the second is no number.
        ProgramRun run = ConvNetProgram.Run(
            "train", "--data", TrainedModels.ColoursFolder, "--arch", "16x16x3 conv3-8 conv3-8 conv3-8 conv3-8 conv3-8 conv3-8 gap fc",
            "--epochs", "6", "--batch-size", "2000", "--learning-rate", "1e6",
            "--model", _folder["m.zip"]);
        run.FailedWithOneLine("not finite in epoch 2", "--clip-gradient-norm", "after 1 epoch", $"is saved to {_folder["m.zip"]}");
        StringAssert.Contains(ConvNetProgram.Run("summary", _folder["m.zip"]).Succeeded().Output, "Classes: blue, green, red");
    }

    private static string Losses(JsonElement report) =>
        string.Join(' ', report.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("loss").GetRawText()));

    private string[] Arguments(string model) =>
        ["train", "--batch-size", "8", "--validation-fraction", "0.3", "--model", _folder[model], "--json", _folder["r.json"]];

    private JsonElement Train(string model, params string[] options)
    {
        string[] usual = ["--data", TrainedModels.ColoursFolder, "--arch", Layers, "--epochs", "2"];
        ConvNetProgram.Run([.. Arguments(model), .. options.Contains("--data") ? [] : usual, .. options]).Succeeded();
        return TrainedModels.ReadJson(_folder["r.json"]);
    }
}
