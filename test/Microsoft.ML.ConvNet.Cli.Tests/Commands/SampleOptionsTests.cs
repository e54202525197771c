using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>What images a training has, what each counts, and in which form a model reads their pixels.</summary>
[TestClass]
public sealed class SampleOptionsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Files_that_cannot_be_read_are_an_error_or_left_out_counted_and_named()
    {
        string data = ImageFolders.WriteColours(_folder["colours"], perClass: 10, size: _ => 12, seed: 1);
        string sound = ImageFolders.WriteColours(_folder["sound"], perClass: 10, size: _ => 12, seed: 1);
        foreach (string name in (string[])["blue/3.png", "red/7.png"])
        {
            File.WriteAllText(Path.Combine(data, name), "<html>404</html>");
            File.Delete(Path.Combine(sound, name));
        }

        string[] options = ["--arch", "conv3-4 relu pool2 gap fc", "--epochs", "2", "--validation-fraction", "0"];
        ConvNetProgram.Run(["train", "--data", data, "--model", _folder["none.zip"], .. options]).FailedWithOneLine("3.png", "cannot be read as an image");

        ProgramRun run = ConvNetProgram.Run(
            ["train", "--data", data, "--model", _folder["some.zip"], "--skip-unreadable", "--json", _folder["some.json"], .. options]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, "warning: left out 2 files that cannot be read: ");
        StringAssert.Contains(run.Error, Path.Combine(data, "blue", "3.png"));
        StringAssert.Contains(run.Error, Path.Combine(data, "red", "7.png"));
        JsonElement report = TrainedModels.ReadJson(_folder["some.json"]);
        Assert.AreEqual(2, report.GetProperty("unreadable").GetArrayLength());
        Assert.AreEqual(28, report.GetProperty("images").GetInt32());

        ConvNetProgram.Run(["train", "--data", sound, "--model", _folder["sound.zip"], "--json", _folder["sound.json"], .. options]).Succeeded();
        Assert.AreEqual(LossesOf("sound.json"), LossesOf("some.json"), "as if they were not there");
    }

    [TestMethod]
    public void Balanced_classes_change_what_is_learnt_where_they_are_of_different_sizes_and_nothing_else_is_taken()
    {
        string data = ImageFolders.WriteColours(_folder["colours"], perClass: 12, size: _ => 12, seed: 1);
        foreach (string file in Directory.GetFiles(Path.Combine(data, "red")).Skip(3))
        {
            File.Delete(file);
        }

        string[] options = ["train", "--data", data, "--arch", "conv3-4 relu pool2 gap fc", "--epochs", "2"];
        ConvNetProgram.Run([.. options, "--model", _folder["plain.zip"], "--json", _folder["plain.json"]]).Succeeded();
        ConvNetProgram.Run([.. options, "--model", _folder["balanced.zip"], "--json", _folder["balanced.json"], "--class-weights", "balanced"]).Succeeded();
        Assert.AreNotEqual(LossesOf("plain.json"), LossesOf("balanced.json"));
        Assert.AreNotEqual(0, ConvNetProgram.Run([.. options, "--model", _folder["other.zip"], "--class-weights", "other"]).ExitCode);
    }

    [TestMethod]
    public void A_model_of_IDX_files_reads_bytes()
    {
        MLContext context = new(seed: 0);
        context.Model.Load(TrainedModels.DigitsModel, out DataViewSchema schema);
        VectorDataViewType type = (VectorDataViewType)schema["Image"].Type;
        Assert.AreEqual(NumberDataViewType.Byte, type.ItemType);
        CollectionAssert.AreEqual(new[] { 28, 28, 1 }, type.Dimensions.ToArray());
    }

    [TestMethod]
    public void A_model_of_an_earlier_version_which_reads_shares_of_255_is_evaluated_and_predicts_as_it_was_trained()
    {
        string path = TrainOnShares(_folder["shares.zip"]);
        ConvNetProgram.Run("evaluate", "--model", path, "--data", TrainedModels.DigitsFolder, "--json", _folder["shares.json"]).Succeeded();
        Assert.IsGreaterThan(0.5, TrainedModels.ReadJson(_folder["shares.json"]).GetProperty("accuracy").GetDouble());
        string image = Path.Combine(ImageFolders.WriteDigits(_folder["files"], new Cli.Data.SyntheticDigits(10, seed: 2)), "3");
        string[] files = Directory.GetFiles(image);
        ConvNetProgram.Run(["predict", "--model", path, "--json", _folder["predictions.json"], .. files]).Succeeded();
        float[] there = [.. TrainedModels.ReadJson(_folder["predictions.json"]).GetProperty("predictions")[0]
            .GetProperty("probabilities").EnumerateObject().Select(probability => probability.Value.GetSingle())];

        MLContext context = new(seed: 0);
        ITransformer model = context.Model.Load(path, out _);
        float[] here = model.Transform(Shares(context, IdxReader.ReadTest(TrainedModels.DigitsFolder), 3, 1)).GetColumn<float[]>("Score").Single();
        CollectionAssert.AreEqual(here, there);
    }

    private static IDataView Shares(MLContext context, ImageDataset images, int first, int count) => context.Data.LoadFromEnumerable(
        Enumerable.Range(first, count).Select(i =>
        {
            float[] pixels = new float[784];
            images.ReadSample(i, pixels);
            return new Row { Image = [.. pixels.Select(pixel => pixel / 255)], Label = FormattableString.Invariant($"{images.LabelOf(i)}") };
        }).ToArray());

    private static string TrainOnShares(string path)
    {
        MLContext context = new(seed: 0);
        using InMemoryDataset images = IdxReader.ReadTraining(TrainedModels.DigitsFolder);
        IDataView data = Shares(context, images, 0, images.Count);
        var model = context.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(context.MulticlassClassification.Trainers.ConvNet("Label", "Image", "conv5-8 relu pool4 fc", epoch: 8))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedClass", "PredictedLabel"))
            .Fit(data);
        context.Model.Save(model, data.Schema, path);
        return path;
    }

    private string LossesOf(string name) => string.Join(
        ' ', TrainedModels.ReadJson(_folder[name]).GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("loss").GetRawText()));

    private sealed class Row
    {
        [VectorType(28, 28, 1)]
        public float[] Image { get; set; } = [];

        public string Label { get; set; } = string.Empty;
    }
}
