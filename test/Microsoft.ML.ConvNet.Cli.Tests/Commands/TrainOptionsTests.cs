using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

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
    [DataRow("--shear 20")]
    [DataRow("--optimizer sgd:momentum=0.5,nesterov")]
    [DataRow("--weight-decay 0.1")]
    [DataRow("--l1-decay 0.01")]
    [DataRow("--schedule constant")]
    [DataRow("--loss focal:gamma=1")]
    [DataRow("--clip-gradient-value 0.001")]
    [DataRow("--accumulated-batches 2")]
    [DataRow("--parameter-group conv*:learning-rate-factor=0.1,weight-decay=0.1")]
    [DataRow("--mixup 0.4")]
    [DataRow("--cutmix 1")]
    public void It_trains_in_another_way(string option)
    {
        Assert.AreNotEqual(UsualLosses.Value, Losses(Train("other.zip", option.Split(' '))));
    }

    [TestMethod]
    [DataRow("--fill-mode constant --fill-value 200")]
    public void Moved_images_are_filled_and_interpolated_in_another_way(string options) => Assert.AreNotEqual(
        Losses(Train("moved.zip", "--rotation", "30")), Losses(Train("other.zip", ["--rotation", "30", .. options.Split(' ')])));

    [TestMethod]
    [DataRow("--optimizer adams", "--optimizer: It is one of sgd, adam, adamw, rmsprop, adagrad, adadelta, nadam, lion. Received: adams.")]
    [DataRow("--optimizer sgd:momentum=2", "SGD: the momentum is at least 0 and less than 1. Received: 2.")]
    [DataRow("--schedule one-cycle:momentum-cycle --optimizer adagrad", "Received: Adagrad.")]
    [DataRow("--loss focal --label-smoothing 0.1", "--label-smoothing is for the cross-entropy that is made small where --loss says nothing")]
    [DataRow("--head-loss aux:weight=0.1", "for networks with auxiliary outputs. Received: \"aux\"")]
    [DataRow("--parameter-group none*:frozen", "Received: \"none*\".")]
    [DataRow("--early-stopping 0", "Early stopping waits at least 1 epoch. Received: 0.")]
    [DataRow("--reduce-on-plateau 1:factor=2", "the factor of the learning rate is between 0 and 1. Received: 2.")]
    [DataRow("--log-csv nowhere/log.csv", "--log-csv names a file in a folder that exists.")]
    public void What_cannot_be_is_said_in_one_line_with_what_was_received(string options, string message) => ConvNetProgram.Run(
        [.. Arguments("bad.zip"), "--data", TrainedModels.ColoursFolder, "--arch", Layers, "--epochs", "1", .. options.Split(' ')])
        .FailedWithOneLine(message);

    [TestMethod]
    public void An_optimizer_that_is_named_has_its_own_learning_rate()
    {
        ProgramRun run = ConvNetProgram.Run(
            [.. Arguments("own.zip"), "--data", TrainedModels.ColoursFolder, "--arch", Layers, "--epochs", "1", "--optimizer", "lion"]).Succeeded();
        StringAssert.Contains(run.Output, "learning rate 0.0001,");
        StringAssert.Contains(
            ConvNetProgram.Run(
                [.. Arguments("own.zip"), "--data", TrainedModels.ColoursFolder, "--arch", Layers, "--epochs", "1", "--optimizer", "lion", "--learning-rate", "0.5"])
                .Succeeded().Output,
            "learning rate 0.5,");
    }

    [TestMethod]
    public void Heads_of_a_network_with_auxiliary_classifiers_are_weighted()
    {
        ImageFolders.WriteColours(_folder["colours"], perClass: 4, size: _ => 32, seed: 1);
        string[] googLeNet = ["--data", _folder["colours"], "--arch", "googlenet-aux", "--epochs", "2"];
        string usual = Losses(Train("usual.zip", googLeNet));
        Assert.AreEqual(usual, Losses(Train("same.zip", [.. googLeNet, "--head-loss", "aux*:weight=0.3"])));
        Assert.AreNotEqual(usual, Losses(Train("other.zip", [.. googLeNet, "--head-loss", "aux1.fc2:loss=focal,gamma=1,weight=0.5", "--head-loss", "aux2*:weight=0"])));
    }

    [TestMethod]
    public void Logs_are_written_averages_kept_and_a_training_that_does_not_get_better_is_stopped()
    {
        // A rate of next to nothing: no epoch is better than the first by a tenth.
        JsonElement report = Train(
            "watched.zip", "--epochs", "9", "--learning-rate", "1e-9", "--weight-average", "0.9", "--early-stopping", "3:metric=loss,minimum-change=0.1",
            "--reduce-on-plateau", "1:factor=0.5,metric=loss,minimum-change=0.1", "--log-csv", _folder["log.csv"], "--log-jsonl", _folder["log.jsonl"],
            "--log-tensorboard", _folder["board"], "--schedule", "constant", "--data", TrainedModels.ColoursFolder, "--arch", Layers);
        Assert.AreEqual(4, report.GetProperty("epochs").GetArrayLength());
        Assert.HasCount(5, File.ReadAllLines(_folder["log.csv"]));
        string[] lines = File.ReadAllLines(_folder["log.jsonl"]);
        Assert.HasCount(4, lines);
        Assert.AreEqual(1, Directory.GetFiles(Path.Combine(_folder["board"], "train")).Length);
        double[] rates = [.. lines.Select(line => JsonDocument.Parse(line).RootElement.EnumerateObject().Single(field => field.Name.Contains("rate", StringComparison.OrdinalIgnoreCase)).Value.GetDouble())];
        Assert.AreEqual(rates[0], rates[1], rates[0] * 1e-5);
        Assert.AreEqual(rates[0] / 2, rates[2], rates[0] * 1e-5);
    }

    [TestMethod]
    public void A_learning_rate_is_looked_for_and_no_model_made()
    {
        ProgramRun run = ConvNetProgram.Run(
            "train", "--data", TrainedModels.ColoursFolder, "--arch", Layers, "--batch-size", "8", "--optimizer", "sgd", "--find-learning-rate").Succeeded();
        StringAssert.Contains(run.Output, "suggested: --learning-rate ");
        StringAssert.Contains(run.Output, "|");
        Assert.IsEmpty(Directory.GetFiles(_folder.Path));
        ConvNetProgram.Run("train", "--data", TrainedModels.ColoursFolder, "--arch", Layers).FailedWithOneLine("--model names the file to save the model to. Received: none.");
        ConvNetProgram.Run("train", "--data", TrainedModels.ColoursFolder, "--arch", Layers, "--model", _folder["m.zip"], "--find-learning-rate")
            .FailedWithOneLine("--find-learning-rate makes no model to save.");
    }

    [TestMethod]
    [DataRow("--epochs 3")]
    [DataRow("--learning-rate 0.1")]
    [DataRow("--schedule constant")]
    [DataRow("--early-stopping 2")]
    [DataRow("--reduce-on-plateau 2")]
    [DataRow("--weight-average 0.9")]
    [DataRow("--log-csv log.csv")]
    [DataRow("--log-jsonl log.jsonl")]
    [DataRow("--log-tensorboard board")]
    [DataRow("--checkpoints states")]
    [DataRow("--checkpoint-steps 2")]
    [DataRow("--json report.json")]
    [DataRow("--no-keep-best")]
    public void What_is_of_a_whole_training_is_refused_where_a_learning_rate_is_looked_for(string options) => ConvNetProgram.Run(
        ["train", "--data", TrainedModels.ColoursFolder, "--arch", Layers, "--find-learning-rate", .. options.Split(' ')])
        .FailedWithOneLine("--find-learning-rate trains nothing, and changes the learning rate by itself", $"Received: {options}.");

    [TestMethod]
    [DataRow("--fill-mode wrap")]
    [DataRow("--fill-value 3")]
    [DataRow("--interpolation nearest")]
    public void How_images_are_moved_is_refused_where_none_is_moved(string options) => ConvNetProgram.Run(
        [.. Arguments("still.zip"), "--data", TrainedModels.ColoursFolder, "--arch", Layers, .. options.Split(' ')])
        .FailedWithOneLine("says how images are moved", $"Received: {options}, and none of these.");

    [TestMethod]
    public void An_architecture_has_the_width_and_the_images_that_are_asked_for()
    {
        StringAssert.Contains(
            ConvNetProgram.Run(
                [.. Arguments("wide.zip"), "--data", TrainedModels.ColoursFolder, "--arch", "lenet5", "--width", "0.5", "--image-size", "20", "--epochs", "1"])
                .Succeeded().Output,
            "3 classes");
        using LoadedModel model = LoadedModel.Load(_folder["wide.zip"]);
        Assert.AreEqual(new Shape(20, 20, 3), model.Network.InputShape);
        using Weights published = Weights.Initialize(Architecture.Get("lenet5").Create(new Shape(20, 20, 3), 3), seed: 1);
        Assert.AreEqual(published["conv1.weight"].Shape.ElementCount / 2, model.Weights["conv1.weight"].Shape.ElementCount);
        ConvNetProgram.Run([.. Arguments("wide.zip"), "--data", TrainedModels.ColoursFolder, "--arch", Layers, "--width", "2"])
            .FailedWithOneLine("A network in notation has the widths that are written. Received: 2.");
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
