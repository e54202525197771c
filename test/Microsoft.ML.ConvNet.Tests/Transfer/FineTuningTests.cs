using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Options = Microsoft.ML.ConvNet.ConvNetFineTuningTrainer.Options;

namespace Microsoft.ML.ConvNet.Tests.Transfer;

/// <summary>A trained network that is taught other classes.</summary>
[TestClass]
public sealed class FineTuningTests : IDisposable
{
    private readonly MLContext _context = new(seed: 1);
    private readonly PretrainedModel _model = Pictures.Model();

    public void Dispose() => _model.Dispose();

    [TestMethod]
    [DataRow("Image")]
    [DataRow("File")]
    public void It_learns_classes_of_images_of_any_size_and_scores_them(string column)
    {
        ConvNetTransformer model = Fit(options => options.FeatureColumnName = column);
        IDataView unseen = Pictures.Load(_context, Pictures.Create(60, seed: 2));
        Assert.IsGreaterThan(0.9, _context.MulticlassClassification.Evaluate(model.Transform(unseen)).MicroAccuracy);
        Assert.AreEqual("red green blue", string.Join(' ', model.ClassNames));
        CollectionAssert.AreEqual(_model.Normalization.Offsets.ToArray(), model.Model.PixelOffsets.ToArray());
        Assert.HasCount(23, model.TrainingReport);
        CollectionAssert.AreEqual(Enumerable.Range(1, 23).ToArray(), model.TrainingReport.Select(epoch => epoch.Epoch).ToArray());
    }

    [TestMethod]
    public void The_base_model_stays_as_it_is_and_may_be_disposed_of_when_the_trainer_is_fitted()
    {
        float[] before = _model.Weights["stem.weight"].ToArray();
        ConvNetTransformer model = Fit();
        CollectionAssert.AreEqual(before, _model.Weights["stem.weight"].ToArray());
        _model.Dispose();
        Assert.AreNotEqual(before[0], model.Weights["stem.weight"].Span[0]);
        Assert.HasCount(60, model.Transform(Pictures.Load(_context, Pictures.Create(60))).GetColumn<float[]>("Score").ToArray());
    }

    [TestMethod]
    public void The_head_alone_leaves_the_base_models_weights()
    {
        ConvNetTransformer model = Fit(options => options.FineTuningEpoch = 0);
        foreach (string name in model.Weights.Names.Where(name => !name.StartsWith("head", StringComparison.Ordinal)))
        {
            CollectionAssert.AreEqual(_model.Weights[name].ToArray(), model.Weights[name].ToArray(), name);
        }

        Assert.HasCount(20, model.TrainingReport);
    }

    // The head is trained on features of mean 0 and deviation 1, and its weights take that in: what the model scores is what the last epoch found.
    [TestMethod]
    public void The_trained_head_scores_images_as_it_did_their_scaled_features()
    {
        IDataView rows = Pictures.Load(_context, Pictures.Create(45, seed: 3));
        EpochMetrics? last = null;
        ConvNetTransformer model = Fit(options =>
        {
            options.FineTuningEpoch = 0;
            options.LabelSmoothing = 0;
            options.ValidationSet = rows;
            options.MetricsCallback = metrics => last = metrics.Train?.CompletedEpoch ?? last;
        });
        EpochMetrics best = model.TrainingReport.OrderByDescending(epoch => epoch.ValidationAccuracy).ThenBy(epoch => epoch.ValidationLoss).First();
        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(model.Transform(rows));
        Assert.AreEqual(best.ValidationLoss!.Value, metrics.LogLoss, 1e-4);
        Assert.AreEqual(best.ValidationAccuracy!.Value, metrics.MicroAccuracy, 1e-9);
        Assert.AreEqual(20, last!.Epoch);
    }

    [TestMethod]
    public void Batch_normalisation_keeps_its_numbers_unless_it_is_to_be_trained()
    {
        string[] names = ["stem.bn.weight", "stem.bn.bias", "stem.bn.running_mean", "stem.bn.running_var"];
        ConvNetTransformer kept = Fit();
        ConvNetTransformer trained = Fit(options => options.TrainBatchNormalization = true);
        foreach (string name in names)
        {
            CollectionAssert.AreEqual(_model.Weights[name].ToArray(), kept.Weights[name].ToArray(), name);
            CollectionAssert.AreNotEqual(_model.Weights[name].ToArray(), trained.Weights[name].ToArray(), name);
        }
    }

    [TestMethod]
    public void Frozen_layers_are_named_by_patterns_and_stages_thaw_them()
    {
        ConvNetTransformer frozen = Fit(options => options.FrozenLayers = ["st?m*"]);
        CollectionAssert.AreEqual(_model.Weights["stem.weight"].ToArray(), frozen.Weights["stem.weight"].ToArray());
        CollectionAssert.AreNotEqual(_model.Weights["body.weight"].ToArray(), frozen.Weights["body.weight"].ToArray());
        ConvNetTransformer late = Fit(options => options.UnfreezingStages = [new UnfreezingStage("stem*", 4), new UnfreezingStage("body", 2)]);
        CollectionAssert.AreEqual(_model.Weights["stem.weight"].ToArray(), late.Weights["stem.weight"].ToArray(), "thawed behind the last epoch");
        CollectionAssert.AreNotEqual(_model.Weights["body.weight"].ToArray(), late.Weights["body.weight"].ToArray());
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_bits_at_any_number_of_threads_with_augmentation()
    {
        uint[]?[] bits =
        [
            .. new[] { 1, 2, 4 }.Select(threads => BarModels.WeightBits(Fit(options =>
            {
                options.NumberOfThreads = threads;
                options.Augmentation = new ImageAugmentation { HorizontalFlip = true, RotationRange = 10 };
            }))),
        ];
        CollectionAssert.AreEqual(bits[0], bits[1]);
        CollectionAssert.AreEqual(bits[0], bits[2]);
        CollectionAssert.AreNotEqual(bits[0], BarModels.WeightBits(Fit()), "without augmentation");
    }

    // The model of a class that counts nothing never gives it.
    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    public void Classes_count_by_their_weights_in_head_and_network(int epochs)
    {
        ConvNetTransformer model = Fit(options =>
        {
            options.FineTuningEpoch = epochs;
            options.ClassWeights = ClassWeighting.ByName(new Dictionary<string, float> { ["green"] = 0 });
        });
        uint[] found = [.. model.Transform(Pictures.Load(_context, Pictures.Create(60, seed: 2))).GetColumn<uint>("PredictedLabel")];
        Assert.AreEqual(0, found.Count(key => key == 2));
        CollectionAssert.AreNotEqual(
            BarModels.WeightBits(Fit(options => options.FineTuningEpoch = epochs)), BarModels.WeightBits(model));
        ErrorText.Is<ArgumentException>(
            () => Fit(options => options.ClassWeights = ClassWeighting.ByName(new Dictionary<string, float> { ["grey"] = 2 })), "\"grey\"");
    }

    // What rows of one class count is what the class counts.
    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    public void Rows_count_by_their_weights_in_head_and_network(int epochs)
    {
        IDataView rows = _context.Transforms.Expression("Weight", "(number) : number % 3 == 1 ? 0f : 1f", "Number")
            .Fit(Pictures.Load(_context, Pictures.Create(60))).Transform(Pictures.Load(_context, Pictures.Create(60)));
        ConvNetTransformer weighted = Trainer(options => (options.FineTuningEpoch, options.ExampleWeightColumnName) = (epochs, "Weight")).Fit(rows);
        ConvNetTransformer byClass = Trainer(options =>
        {
            options.FineTuningEpoch = epochs;
            options.ClassWeights = ClassWeighting.ByName(new Dictionary<string, float> { ["green"] = 0 });
        }).Fit(rows);
        CollectionAssert.AreEqual(BarModels.WeightBits(byClass), BarModels.WeightBits(weighted));
    }

    // As many of each class: balanced weights are all 1.
    [TestMethod]
    public void Balanced_classes_of_as_many_rows_change_nothing_worth_the_name()
    {
        ConvNetTransformer plain = Fit(options => options.FineTuningEpoch = 0);
        ConvNetTransformer balanced = Fit(options => (options.FineTuningEpoch, options.ClassWeights) = (0, ClassWeighting.Balanced));
        for (int i = 0; i < plain.TrainingReport.Count; i++)
        {
            Assert.AreEqual(plain.TrainingReport[i].Loss, balanced.TrainingReport[i].Loss, 1e-4);
        }
    }

    [TestMethod]
    public void Mixing_and_a_limit_to_the_gradient_change_what_the_network_learns()
    {
        uint[] plain = BarModels.WeightBits(Fit());
        CollectionAssert.AreNotEqual(plain, BarModels.WeightBits(Fit(options => options.Mixup = 0.4f)));
        CollectionAssert.AreNotEqual(plain, BarModels.WeightBits(Fit(options => options.CutMix = 1)));
        CollectionAssert.AreNotEqual(plain, BarModels.WeightBits(Fit(options => options.ClipGradientNorm = 0.01f)));
        CollectionAssert.AreNotEqual(plain, BarModels.WeightBits(Fit(options => options.ClipGradientValue = 1e-4f)));
        CollectionAssert.AreNotEqual(plain, BarModels.WeightBits(Fit(options => options.AccumulatedBatches = 2)));
        CollectionAssert.AreNotEqual(plain, BarModels.WeightBits(Fit(options => options.Loss = new FocalLoss(1))));
        CollectionAssert.AreEqual(plain, BarModels.WeightBits(Fit(options => options.Loss = new SoftmaxCrossEntropy())));
        CollectionAssert.AreNotEqual(plain, BarModels.WeightBits(Fit(options => options.Callbacks = [new WeightAverage()])));
    }

    [TestMethod]
    public void It_is_saved_with_how_it_resizes_and_takes_image_files_when_it_is_loaded()
    {
        using TemporaryFile file = new();
        IDataView rows = Pictures.Load(_context, Pictures.Create(20, seed: 4));
        ConvNetTransformer model = Fit(options => options.FeatureColumnName = "File");
        _context.Model.Save(model, rows.Schema, file.Name);
        ITransformer loaded = _context.Model.Load(file.Name, out _);
        CollectionAssert.AreEqual(BarModels.ScoreBits(model.Transform(rows)), BarModels.ScoreBits(loaded.Transform(rows)));
        ConvNetTransformer given = _context.Transforms.ConvNet("Score", "Image", file.Name).Fit(rows);
        CollectionAssert.AreEqual(BarModels.ScoreBits(model.Transform(rows)), BarModels.ScoreBits(given.Transform(rows)));
        Assert.AreEqual(model.FeatureColumnType, ((ConvNetTransformer)loaded).FeatureColumnType);
        using PretrainedModel again = PretrainedModel.Load(file.Name);
        Assert.AreEqual(Data.ImageResizing.Crop, again.Resizing);
        Assert.AreEqual("gap1", again.FeatureLayer);
    }

    [TestMethod]
    public void Every_phase_is_told()
    {
        List<FineTuningMetrics> told = [];
        _ = Fit(options =>
        {
            options.ValidationSetFraction = 0.2f;
            options.TestOnTrainSet = true;
            options.MetricsCallback = told.Add;
        });
        CollectionAssert.AreEqual(Enum.GetValues<FineTuningPhase>(), told.Select(metrics => metrics.Phase).Distinct().ToArray());
        Assert.AreEqual((48, 48), (told.Last(m => m.Phase == FineTuningPhase.TrainSetFeatures).ImagesDone, told[0].Images));
        Assert.AreEqual(12, told.First(m => m.Phase == FineTuningPhase.ValidationSetFeatures).Images);
        Assert.AreEqual(48, told[^1].Test!.Count);
    }

    [TestMethod]
    public void The_type_of_the_columns_is_known_before_it_is_fitted()
    {
        IDataView rows = Pictures.Load(_context, Pictures.Create(6));
        ConvNetFineTuningTrainer trainer = _context.MulticlassClassification.Trainers.ConvNetFineTuning("Label", "Image", _model);
        SchemaShape shape = trainer.GetOutputSchema(SchemaShapes.Of(rows.Schema));
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, shape.Single(column => column.Name == "Score").Kind);
        Assert.IsTrue(shape.Single(column => column.Name == "PredictedLabel").IsKey);
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.ConvNetFineTuning("Label", "Number", _model).GetOutputSchema(SchemaShapes.Of(rows.Schema)), "Number");
    }

    [TestMethod]
    public void Options_that_will_not_do_are_refused_before_a_row_is_read()
    {
        DataViewSchema.Builder schema = new();
        schema.AddColumn("Image", new ImageDataViewType());
        schema.AddColumn("Label", new KeyDataViewType(typeof(uint), 3));
        UnreadableDataView rows = new(schema.ToSchema());
        foreach ((Action<Options> set, string message) in ((Action<Options>, string)[])
        [
            (options => options.BaseModel = null, "BaseModel is the trained network to begin with. Received: none"),
            (options => options.Layer = "none", "Received: \"none\""),
            (options => options.FrozenLayers = ["nothing*"], "a list of layers of the base model: stem, stem.bn"),
            (options => options.Epoch = 0, "Epoch is at least 1"),
            (options => options.FineTuningLearningRate = -1, "FineTuningLearningRate is more than 0"),
            (options => options.ReuseTrainSetBottleneckCachedValues = true, "WorkspacePath is the folder of the features"),
            (options => options.Resume = true, "CheckpointFolder is the folder of the states"),
            (options => options.UnfreezingStages = [new UnfreezingStage("nothing*", 1)], "UnfreezingStages is a list of layers of the base model: stem, stem.bn"),
            (HeadOnly(options => (options.CheckpointFolder, options.Resume) = ("states", true)), "Resume is for epochs of the whole network"),
            (HeadOnly(options => options.CheckpointFolder = "states"), "CheckpointFolder is for epochs of the whole network"),
            (HeadOnly(options => options.Augmentation = new ImageAugmentation()), "Augmentation is for epochs of the whole network"),
            (options => options.FrozenLayers = ["classifier"], "FrozenLayers is a list of layers before the new classifier: stem, stem.bn"),
            (options => options.UnfreezingStages = [new UnfreezingStage("classifier", 1)], "UnfreezingStages is a list of layers before the new classifier"),
            (options => options.ExampleWeightColumnName = "Heft", "There is no weight column \"Heft\"."),
            (options => options.ExampleWeightColumnName = "Image", "\"Image\""),
            (options => options.AccumulatedBatches = 0, "AccumulatedBatches is at least 1"),
            (options => options.ClipGradientNorm = 0, "ClipGradientNorm is more than 0"),
            (options => options.ClipGradientValue = -1, "ClipGradientValue is more than 0"),
            (options => (options.Loss, options.LabelSmoothing) = (new FocalLoss(), 0.1f), "LabelSmoothing is 0 where there is a Loss"),
            (HeadOnly(options => options.FineTuningLearningRate = 0.001f), "FineTuningLearningRate is for epochs of the whole network"),
            (HeadOnly(options => options.AccumulatedBatches = 2), "AccumulatedBatches is for epochs of the whole network"),
            (HeadOnly(options => options.TrainBatchNormalization = true), "TrainBatchNormalization is for epochs of the whole network"),
            (HeadOnly(options => options.Mixup = 0.2f), "Mixup is for epochs of the whole network"),
            (HeadOnly(options => options.CutMix = 1), "CutMix is for epochs of the whole network"),
            (options => options.CutMix = -1, "The parameter of CutMix is at least 0"),
            (HeadOnly(options => options.Callbacks = [new EarlyStopping(1)]), "Callbacks is for epochs of the whole network"),
            (HeadOnly(options => options.FrozenLayers = ["stem"]), "FrozenLayers is for epochs of the whole network"),
            (HeadOnly(options => options.UnfreezingStages = [new UnfreezingStage("stem", 1)]), "UnfreezingStages is for epochs of the whole network"),
            (options => options.EarlyStoppingCriteria = new EarlyStopping(0), "Early stopping waits at least 1 epoch"),
        ])
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => Trainer(set).Fit(rows), message);
            StringAssert.Contains(error.Message, message);
        }
    }

    internal static Options SmallOptions(PretrainedModel model) => new()
    {
        FeatureColumnName = "Image",
        BaseModel = model,
        BatchSize = 16,
        Epoch = 20,
        LearningRate = 0.02f,
        FineTuningEpoch = 3,
        Seed = 3,
    };

    private static Action<Options> HeadOnly(Action<Options> set) => options =>
    {
        options.FineTuningEpoch = 0;
        set(options);
    };

    private ConvNetFineTuningTrainer Trainer(Action<Options>? set)
    {
        Options options = SmallOptions(_model);
        set?.Invoke(options);
        return _context.MulticlassClassification.Trainers.ConvNetFineTuning(options);
    }

    private ConvNetTransformer Fit(Action<Options>? set = null) => Trainer(set).Fit(Pictures.Load(_context, Pictures.Create(60)));
}
