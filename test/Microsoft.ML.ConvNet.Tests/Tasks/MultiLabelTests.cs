using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Tasks;

/// <summary>Which of several labels an image has.</summary>
[TestClass]
public sealed class MultiLabelTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("Label")]
    [DataRow("Soft")]
    public void Labels_that_do_not_exclude_one_another_are_learnt_saved_and_predicted(string label)
    {
        IDataView rows = _context.Data.LoadFromEnumerable(LabelsRow.Create(160));
        ConvNetTransformer model = Trainer(options => options.LabelColumnName = label).Fit(rows);
        Assert.AreEqual(ConvNetTask.MultiLabel, model.Task);
        Assert.IsInstanceOfType<Sigmoid>(model.Network.Nodes[^1].Layer);
        using TemporaryFile file = new();
        _context.Model.Save(model, rows.Schema, file.Name);
        ITransformer loaded = new MLContext(seed: 2).Model.Load(file.Name, out _);
        PredictedLabels[] predicted = [.. _context.Data.CreateEnumerable<PredictedLabels>(loaded.Transform(rows), reuseRowObject: false)];
        LabelsRow[] expected = LabelsRow.Create(160);
        int wrong = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            wrong += predicted[i].PredictedLabel!.Zip(expected[i].Label!, (one, other) => one == other ? 0 : 1).Sum();
            CollectionAssert.AreEqual(predicted[i].Score!.Select(score => score > 0.5f).ToArray(), predicted[i].PredictedLabel);
        }

        Assert.IsLessThanOrEqualTo(6, wrong, "of 320");
        Assert.IsTrue(predicted.Any(row => row.PredictedLabel!.All(flag => flag)), "both");
        Assert.IsTrue(predicted.Any(row => row.PredictedLabel!.All(flag => !flag)), "neither");
    }

    [TestMethod]
    public void The_columns_have_the_names_of_the_labels()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(LabelsRow.Create(20));
        rows = _context.Transforms.Concatenate("Named", "Soft").Fit(rows).Transform(rows);
        ConvNetMultiLabelTrainer trainer = Trainer(options => options.LabelColumnName = "Named");
        ConvNetTransformer model = trainer.Fit(rows);
        DataViewSchema schema = model.GetOutputSchema(rows.Schema);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2), schema["Score"].Type);
        Assert.AreEqual(new VectorDataViewType(BooleanDataViewType.Instance, 2), schema["PredictedLabel"].Type);
        SchemaShapes.AssertFits(trainer.GetOutputSchema(SchemaShapes.Of(rows.Schema)), schema);
    }

    [TestMethod]
    public void Labels_out_of_their_range_and_columns_of_others_are_refused()
    {
        LabelsRow[] rows = LabelsRow.Create(20);
        rows[7].Soft![1] = 1.5f;
        ErrorText.Is<InvalidDataException>(
            () => Trainer(options => options.LabelColumnName = "Soft").Fit(_context.Data.LoadFromEnumerable(rows)),
            "\"Soft\", row 7",
            "from 0 to 1",
            "Received: 1.5");
        UnreadableDataView keyed = new(BarModels.Keyed(_context, BarImages.Create(3)).Schema);
        ErrorText.Is<ArgumentOutOfRangeException>(() => Trainer().Fit(keyed), "vectors of known size of Boolean", "Received: Key<UInt32");
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => Trainer().GetOutputSchema(SchemaShapes.Of(keyed.Schema)), "vectors of known size of Boolean", "Received: Key<UInt32>");
    }

    private ConvNetMultiLabelTrainer Trainer(Action<ConvNetMultiLabelTrainer.Options>? set = null)
    {
        ConvNetMultiLabelTrainer.Options options = new()
        {
            NetworkBuilder = (input, labels) => input.Conv(8, 3).Relu().MaxPool(2).Flatten().Dense(labels),
            Epoch = 30,
            BatchSize = 16,
            LearningRate = 0.01f,
        };
        set?.Invoke(options);
        return _context.MulticlassClassification.Trainers.ConvNetMultiLabel(options);
    }
}
