using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>Models that a program of a user trained, whose rows have other columns than the tool's.</summary>
[TestClass]
public sealed class ForeignModelTests
{
    [TestMethod]
    public void The_network_of_any_model_is_summarised_profiled_and_exported()
    {
        using TestFolder folder = new();
        string model = Train(folder["foreign.zip"]);

        // By hand: 3x3 windows of 1 channel with 2 filters, and 2 x 6 x 6 numbers to 2 classes: 20 + 146.
        StringAssert.Contains(ConvNetProgram.Run("summary", model).Succeeded().Output, "Parameters: 166");
        StringAssert.Contains(ConvNetProgram.Run("profile", model, "--runs", "2").Succeeded().Output, "conv1");
        StringAssert.Contains(ConvNetProgram.Run("export", "--model", model, folder["foreign.onnx"]).Succeeded().Output, "saved");
    }

    [TestMethod]
    public void A_model_that_predicts_a_number_has_no_classes_to_be_shown()
    {
        using TestFolder folder = new();
        MLContext context = new(seed: 1);
        IDataView data = context.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(i => new NumberRow
        {
            Label = i,
            Pixels = [.. Enumerable.Range(0, 64).Select(pixel => (float)(pixel * (1 + i) % 7))],
        }));
        using ConvNetTransformer model = context.Regression.Trainers.ConvNet("Label", "Pixels", "conv3-2 relu fc", epoch: 1).Fit(data);
        context.Model.SaveAtomically(model, data.Schema, folder["number.zip"]);
        StringAssert.Contains(ConvNetProgram.Run("summary", folder["number.zip"]).Succeeded().Output, "1 number");
        string exported = ConvNetProgram.Run("export", "--model", folder["number.zip"], folder["number.onnx"]).Succeeded().Output;
        StringAssert.Contains(exported, "saved");
        Assert.DoesNotContain("classes", exported);
        ConvNetProgram.Run("evaluate", "--model", folder["number.zip"], "--data", TrainedModels.DigitsFolder)
            .FailedWithOneLine("Rows are scored by models of this tool", "Pixels");
    }

    [TestMethod]
    public void Its_rows_are_not_known_to_the_tool()
    {
        using TestFolder folder = new();
        string model = Train(folder["foreign.zip"]);
        ConvNetProgram.Run("evaluate", "--model", model, "--data", TrainedModels.DigitsFolder).FailedWithOneLine("Rows are scored by models of this tool", "Pixels");
        string image = Directory.EnumerateFiles(TrainedModels.ColoursFolder, "*.png", SearchOption.AllDirectories).First();
        ConvNetProgram.Run("predict", "--model", model, image).FailedWithOneLine("Rows are scored by models of this tool", "Pixels");
    }

    private static string Train(string path)
    {
        MLContext context = new(seed: 1);
        IDataView data = context.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(i => new Row
        {
            Kind = (uint)(i % 2) + 1,
            Pixels = [.. Enumerable.Range(0, 64).Select(pixel => (float)((pixel * (1 + (i % 2))) % 7))],
        }));
        using ConvNetTransformer model = context.MulticlassClassification.Trainers
            .ConvNet("Kind", "Pixels", (input, classes) => input.Conv(2, 3).Relu().Flatten().Dense(classes).Softmax(), epoch: 1).Fit(data);
        context.Model.SaveAtomically(model, data.Schema, path);
        return path;
    }

    private sealed class NumberRow
    {
        public float Label { get; set; }

        [VectorType(8, 8, 1)]
        public float[] Pixels { get; set; } = [];
    }

    private sealed class Row
    {
        [KeyType(2)]
        public uint Kind { get; set; }

        [VectorType(8, 8, 1)]
        public float[] Pixels { get; set; } = [];
    }
}
