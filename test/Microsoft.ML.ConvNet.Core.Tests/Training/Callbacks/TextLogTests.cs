using System.Globalization;
using System.Text.Json;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks;

/// <summary>Logs as tables and as lines of JSON.</summary>
[TestClass]
public sealed class TextLogTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convnet-test-").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_table_has_a_line_for_each_epoch_with_decimal_points_and_nothing_where_nothing_was_measured()
    {
        string path = Path.Combine(_folder, "log.csv");
        TrainingResult result = Train(new CsvLog(path), isValidated: false);
        string[] lines = File.ReadAllLines(path);
        Assert.AreEqual("epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,seconds,images_per_second", lines[0]);
        Assert.HasCount(4, lines);
        string[] second = lines[2].Split(',');
        Assert.AreEqual("2", second[0]);
        Assert.AreEqual(result.Epochs[1].Loss, double.Parse(second[1], CultureInfo.InvariantCulture));
        Assert.AreEqual(string.Empty, second[3]);
        Assert.AreEqual("0.02", second[5]);
    }

    [TestMethod]
    public void Each_line_of_JSON_is_an_epoch()
    {
        string path = Path.Combine(_folder, "log.jsonl");
        TrainingResult result = Train(new JsonLinesLog(path), isValidated: true);
        string[] lines = File.ReadAllLines(path);
        Assert.HasCount(3, lines);
        for (int i = 0; i < lines.Length; i++)
        {
            using JsonDocument document = JsonDocument.Parse(lines[i]);
            Assert.AreEqual(i + 1, document.RootElement.GetProperty("epoch").GetInt32());
            Assert.AreEqual(result.Epochs[i].ValidationLoss!.Value, document.RootElement.GetProperty("validation_loss").GetDouble());
            Assert.AreEqual(0.02, document.RootElement.GetProperty("learning_rate").GetDouble());
        }
    }

    [TestMethod]
    public void A_number_that_is_none_is_a_text_in_JSON_and_one_in_a_table()
    {
        string table = Path.Combine(_folder, "log.csv");
        string lines = Path.Combine(_folder, "log.jsonl");
        using TrainingState first = Histories.Tell(new CsvLog(table), 3, [double.NaN]);
        using TrainingState second = Histories.Tell(new JsonLinesLog(lines), 3, [double.NaN]);
        Assert.AreEqual("NaN", File.ReadAllLines(table)[1].Split(',')[3]);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllLines(lines)[0]);
        Assert.AreEqual("NaN", document.RootElement.GetProperty("validation_loss").GetString());
    }

    [TestMethod]
    public void A_log_that_cannot_be_written_is_an_error_before_the_training()
    {
        string path = Path.Combine(_folder, "nowhere", "log");
        int batches = 0;
        foreach (TrainingCallback log in (TrainingCallback[])[new CsvLog(path), new JsonLinesLog(path)])
        {
            using InMemoryDataset training = SmallImages.Make(24, seed: 1);
            TrainingOptions options = new() { Callbacks = [log], BatchCompleted = _ => batches++ };
            Assert.ThrowsExactly<DirectoryNotFoundException>(() => NetworkTrainer.Train(SmallImages.Network, training, options));
        }

        Assert.AreEqual(0, batches);
    }

    private static TrainingResult Train(TrainingCallback log, bool isValidated)
    {
        using InMemoryDataset training = SmallImages.Make(24, seed: 1);
        using InMemoryDataset validation = SmallImages.Make(24, seed: 2);
        TrainingOptions options = new()
        {
            Epochs = 3,
            BatchSize = 8,
            LearningRate = 0.02f,
            ValidationSet = isValidated ? validation : null,
            Callbacks = [log],
        };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, training, options);
        result.Weights.Dispose();
        return result;
    }
}
