using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Networks.Notation;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Training;

[TestClass]
public sealed class TrainerTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_network_learns_to_tell_bars_apart()
    {
        ConvNetTransformer model = BarModels.Train(_context, options => options.Epoch = 15);
        IDataView unseen = BarModels.Keyed(_context, BarImages.Create(60, seed: 2));
        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(model.Transform(unseen));
        Assert.IsGreaterThan(0.95, metrics.MicroAccuracy);
        Assert.AreEqual(3, metrics.ConfusionMatrix.NumberOfClasses);
    }

    [TestMethod]
    public void An_architecture_is_built_for_the_images_and_the_classes()
    {
        IDataView data = BarModels.Keyed(_context, BarImages.Create(30));
        ConvNetTransformer model = _context.MulticlassClassification.Trainers.ConvNet("Label", "Features", "mnist-convnet", epoch: 1).Fit(data);
        Assert.AreEqual("8x8x1", model.Network.InputShape.ToString());
        Assert.AreEqual("3", model.Network.OutputShape.ToString());
        Assert.AreEqual("mnist-convnet", model.Network.Name);
    }

    [TestMethod]
    public void Layers_in_one_line_are_built_for_the_images_and_the_classes()
    {
        IDataView data = BarModels.Keyed(_context, BarImages.Create(30));
        ConvNetTransformer model = _context.MulticlassClassification.Trainers
            .ConvNet("Label", "Features", "conv3-4 relu pool2 fc8 relu fc", epoch: 1).Fit(data);
        Assert.AreEqual("8x8x1", model.Network.InputShape.ToString());
        Assert.AreEqual("3", model.Network.OutputShape.ToString());
        Assert.AreEqual("Softmax", model.Network.Nodes[^1].Layer.Kind);
    }

    [TestMethod]
    public void A_wrong_word_in_a_line_of_layers_is_refused_when_the_estimator_is_made() => ErrorText.Is<NetworkNotationException>(
        () => _context.MulticlassClassification.Trainers.ConvNet("Label", "Features", "conv3-4 rellu fc"), "conv3-4 >>>rellu<<< fc");

    [TestMethod]
    public void The_transform_vocabulary_gives_the_same_bits_as_the_trainer()
    {
        IDataView data = BarModels.Keyed(_context, BarImages.Create(30));
        ConvNetTransformer trainer = Seeded().MulticlassClassification.Trainers
            .ConvNet("Label", "Features", BarModels.Network, epoch: 2).Fit(data);
        ConvNetTransformer transform = Seeded().Transforms
            .ConvNet("Probabilities", "Features", "Label", BarModels.Network, epoch: 2).Fit(data);
        CollectionAssert.AreEqual(BarModels.WeightBits(trainer), BarModels.WeightBits(transform));
        Assert.AreEqual("Probabilities", transform.ScoreColumnName);
        CollectionAssert.AreEqual(
            BarModels.ScoreBits(trainer.Transform(data)), BarModels.ScoreBits(transform.Transform(data), "Probabilities"));
    }

    [TestMethod]
    public void A_network_that_ends_in_logits_gets_a_softmax()
    {
        Network logits = Network.Input(8, 8, 1).Conv(4, 3, name: "first").Relu().Flatten().Dense(3);
        ConvNetTransformer model = _context.MulticlassClassification.Trainers.ConvNet("Label", "Features", logits, epoch: 1)
            .Fit(BarModels.Keyed(_context, BarImages.Create(30)));
        Assert.AreEqual("Softmax", model.Network.Nodes[^1].Layer.Kind);
        Assert.AreEqual("first", model.Network.Nodes[0].Name);
        Assert.HasCount(logits.Nodes.Count + 1, model.Network.Nodes);
        foreach (float[] scores in model.Transform(BarModels.Keyed(_context, BarImages.Create(6))).GetColumn<float[]>("Score"))
        {
            Assert.AreEqual(1f, scores.Sum(), 1e-5f);
        }
    }

    [TestMethod]
    public void A_network_that_ends_in_sigmoids_stays_as_it_is_and_the_user_can_ask_for_a_softmax()
    {
        Network sigmoids = Network.Input(8, 8, 1).Conv(4, 3).Relu().Flatten().Dense(3).Sigmoid();
        ConvNetMulticlassTrainer.Options options = new() { Network = sigmoids, Epoch = 30, BatchSize = 8, LearningRate = 0.01f };
        IDataView data = BarModels.Keyed(_context, BarImages.Create(90));
        ConvNetTransformer model = _context.MulticlassClassification.Trainers.ConvNet(options).Fit(data);
        Assert.AreEqual(sigmoids, model.Network);
        Assert.IsGreaterThan(0.9, _context.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);

        options.Outputs = OutputKind.Logits;
        Assert.AreEqual("Softmax", _context.MulticlassClassification.Trainers.ConvNet(options).Fit(data).Network.Nodes[^1].Layer.Kind);
    }

    [TestMethod]
    public void A_network_with_a_constant_that_ends_in_logits_gets_a_softmax_too()
    {
        SymbolicTensor image = Network.Input(8, 8, 1).Conv(4, 3, name: "first").Relu();
        Network logits = image.Add(image.Constant([1, 1, 4], isTrainable: true)).Flatten().Dense(3);
        ConvNetTransformer model = _context.MulticlassClassification.Trainers.ConvNet("Label", "Features", logits, epoch: 1)
            .Fit(BarModels.Keyed(_context, BarImages.Create(30)));
        Assert.AreEqual("Softmax", model.Network.Nodes[^1].Layer.Kind);
        Assert.AreEqual("first", model.Network.Nodes[0].Name);
        Assert.HasCount(logits.Nodes.Count + 1, model.Network.Nodes);
        foreach (float[] scores in model.Transform(BarModels.Keyed(_context, BarImages.Create(6))).GetColumn<float[]>("Score"))
        {
            Assert.AreEqual(1f, scores.Sum(), 1e-5f);
        }
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_bits_and_another_gives_others()
    {
        uint[] first = BarModels.WeightBits(BarModels.Train(new MLContext(seed: 5)));
        uint[] second = BarModels.WeightBits(BarModels.Train(new MLContext(seed: 5)));
        uint[] other = BarModels.WeightBits(BarModels.Train(new MLContext(seed: 6)));
        uint[] option = BarModels.WeightBits(BarModels.Train(new MLContext(seed: 6), options => options.Seed = 77));
        uint[] sameOption = BarModels.WeightBits(BarModels.Train(new MLContext(seed: 7), options => options.Seed = 77));
        CollectionAssert.AreEqual(first, second);
        CollectionAssert.AreNotEqual(first, other);
        CollectionAssert.AreEqual(option, sameOption);
    }

    [TestMethod]
    public void One_two_and_four_threads_give_the_same_bits()
    {
        MLContext context = Seeded();
        IDataView data = BarModels.Keyed(context, BarImages.Create(30));
        uint[][] weights = new uint[3][];
        uint[][] scores = new uint[3][];
        int[] threads = [1, 2, 4];
        for (int i = 0; i < threads.Length; i++)
        {
            ConvNetTransformer model = BarModels.Train(context, options => (options.NumberOfThreads, options.Seed) = (threads[i], 3));
            weights[i] = BarModels.WeightBits(model);
            scores[i] = BarModels.ScoreBits(model.Transform(data));
        }

        CollectionAssert.AreEqual(weights[0], weights[1]);
        CollectionAssert.AreEqual(weights[0], weights[2]);
        CollectionAssert.AreEqual(scores[0], scores[1]);
        CollectionAssert.AreEqual(scores[0], scores[2]);
    }

    [TestMethod]
    public void The_rows_are_read_once()
    {
        WatchedDataView data = new(BarModels.Keyed(_context, BarImages.Create(30)), "Features");
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.ValidationSetFraction = 0.2f;
        _context.MulticlassClassification.Trainers.ConvNet(options).Fit(data);
        Assert.AreEqual(1, data.Cursors);
        Assert.AreEqual(30, data.Values);
        CollectionAssert.AreEquivalent(new[] { "Features", "Label" }, data.LastColumns);
    }

    [TestMethod]
    public void The_callback_is_told_of_each_batch_and_each_epoch()
    {
        List<TrainingProgress> told = [];
        ConvNetTransformer model = BarModels.Train(_context, options =>
        {
            options.Epoch = 2;
            options.BatchSize = 40;
            options.ValidationSet = BarModels.Keyed(_context, BarImages.Create(12, seed: 3));
            options.MetricsCallback = told.Add;
        });
        Assert.HasCount(8, told);
        CollectionAssert.AreEqual(
            new[] { "1/1", "1/2", "1/3", "1/3 end", "2/1", "2/2", "2/3", "2/3 end" },
            told.Select(metrics => $"{metrics.Epoch}/{metrics.Batch}{(metrics.CompletedEpoch is not null ? " end" : string.Empty)}").ToArray());
        Assert.IsTrue(told.All(metrics => metrics.Epochs == 2 && metrics.Batches == 3 && metrics.ImagesPerSecond > 0));
        Assert.IsTrue(told.All(metrics => metrics.CompletedEpoch is null or { ValidationLoss: not null }));
        Assert.AreEqual(0.01f, told[0].LearningRate, 1e-6f);
        Assert.IsTrue(told.Zip(told.Skip(1)).All(pair => pair.First.LearningRate >= pair.Second.LearningRate), "The rate falls by default.");
        Assert.HasCount(2, model.TrainingReport);
        Assert.AreEqual(model.TrainingReport[1], told[^1].CompletedEpoch);
    }

    [TestMethod]
    public void Each_epoch_is_told_to_the_log()
    {
        List<string> messages = [];
        _context.Log += (_, message) => messages.Add(message.Message);
        BarModels.Train(_context, options => options.Epoch = 2);
        Assert.HasCount(1, messages.Where(message => message.Contains("Epoch 1 of 2: loss", StringComparison.Ordinal)));
        Assert.HasCount(1, messages.Where(message => message.Contains("Epoch 2 of 2: loss", StringComparison.Ordinal)));
        Assert.HasCount(1, messages.Where(message => message.Contains("90 training images, 0 validation images, 3 classes", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_fraction_for_validation_is_taken_from_every_class()
    {
        List<string> messages = [];
        _context.Log += (_, message) => messages.Add(message.Message);
        ConvNetTransformer model = BarModels.Train(_context, options => options.ValidationSetFraction = 0.2f);
        Assert.IsTrue(messages.Any(message => message.Contains("72 training images, 18 validation images", StringComparison.Ordinal)));
        Assert.IsTrue(model.TrainingReport.All(epoch => epoch.ValidationAccuracy is >= 0 and <= 1));
    }

    [TestMethod]
    public void Validation_rows_and_a_fraction_exclude_each_other() => ErrorText.Is<ArgumentException>(
        () => BarModels.Train(_context, options =>
        {
            options.ValidationSet = BarModels.Keyed(_context, BarImages.Create(6));
            options.ValidationSetFraction = 0.1f;
        }),
        "ValidationSet",
        "Received: both");

    [TestMethod]
    public void Validation_rows_with_classes_in_another_order_are_an_error()
    {
        IEnumerable<BarRow> turned = BarImages.Create(6).Reverse();
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => BarModels.Train(_context, options => options.ValidationSet = BarModels.Keyed(_context, turned)),
            "lying, standing, slanted. Received: slanted, standing, lying",
            "same fitted MapValueToKey");
    }

    [TestMethod]
    public void Early_stopping_ends_a_training_that_gets_no_better()
    {
        // Labels that have nothing to do with the images: what is learnt of some is wrong for others.
        Random random = new(1);
        BarRow[] rows = BarImages.Create(90);
        Array.ForEach(rows, row => row.Label = BarImages.Classes[random.Next(3)]);
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        (options.Epoch, options.EarlyStoppingPatience, options.ValidationSetFraction) = (200, 3, 0.3f);
        ConvNetTransformer model = _context.MulticlassClassification.Trainers.ConvNet(options).Fit(BarModels.Keyed(_context, rows));
        Assert.IsLessThan(100, model.TrainingReport.Count);
        Assert.IsGreaterThan(3, model.TrainingReport.Count);
    }

    [TestMethod]
    public void A_cancelled_training_keeps_the_best_so_far()
    {
        using CancellationTokenSource source = new();
        ConvNetTransformer model = BarModels.Train(_context, options =>
        {
            options.Epoch = 1000;
            options.LearningRateSchedule = new ConstantLearningRate();
            options.CancellationToken = source.Token;
            options.MetricsCallback = metrics =>
            {
                if (metrics is { Epoch: 3, CompletedEpoch: not null })
                {
                    source.Cancel();
                }
            };
        });
        Assert.HasCount(3, model.TrainingReport);
        ConvNetTransformer full = BarModels.Train(
            new MLContext(seed: 1), options => (options.Epoch, options.LearningRateSchedule) = (3, new ConstantLearningRate()));
        CollectionAssert.AreEqual(BarModels.WeightBits(full), BarModels.WeightBits(model));
    }

    [TestMethod]
    public void A_training_cancelled_in_its_first_epoch_gives_the_weights_so_far()
    {
        using CancellationTokenSource source = new();
        List<string> messages = [];
        _context.Log += (_, message) => messages.Add(message.Message);
        ConvNetTransformer model = BarModels.Train(_context, options =>
        {
            options.CancellationToken = source.Token;
            options.MetricsCallback = _ => source.Cancel();
        });
        Assert.IsEmpty(model.TrainingReport);
        Assert.IsTrue(messages.Any(message => message.Contains("cancelled in its first epoch", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_training_cancelled_before_it_begins_is_no_model()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => BarModels.Train(_context, options => options.CancellationToken = source.Token));
    }

    [TestMethod]
    public void An_optimizer_and_a_schedule_can_be_given()
    {
        List<float> rates = [];
        BarModels.Train(_context, options =>
        {
            options.Epoch = 2;
            options.Optimizer = new Sgd { Momentum = 0.5f };
            options.LearningRate = null;
            options.LearningRateSchedule = new StepDecay(1);
            options.MetricsCallback = metrics => rates.Add(metrics.LearningRate);
        });
        Assert.AreEqual(0.01f, rates[0], 1e-6f);
        Assert.AreEqual(0.001f, rates[^1], 1e-6f);
    }

    [TestMethod]
    public void Pixels_are_brought_to_mean_zero_and_deviation_one()
    {
        ConvNetTransformer model = BarModels.Train(_context, options => options.Epoch = 1);
        float[] pixels = [.. BarImages.Create(90).SelectMany(row => row.Features!)];
        double mean = pixels.Average(pixel => (double)pixel);
        double deviation = Math.Sqrt(pixels.Average(pixel => (pixel - mean) * (pixel - mean)));
        Assert.AreEqual(mean, model.Model.PixelOffsets.Single(), 1e-3);
        Assert.AreEqual(1 / deviation, model.Model.PixelScales.Single(), 1e-6);
    }

    [TestMethod]
    public void An_offset_and_a_scale_are_taken_as_they_are_given()
    {
        ConvNetTransformer model = BarModels.Train(_context, options => (options.Epoch, options.PixelScales) = (1, [1f / 255]));
        CollectionAssert.AreEqual(new[] { 0f }, model.Model.PixelOffsets.ToArray());
        CollectionAssert.AreEqual(new[] { 1f / 255 }, model.Model.PixelScales.ToArray());
        ErrorText.Is<ArgumentException>(
            () => BarModels.Train(_context, options => options.PixelOffsets = [1, 2, 3]), "PixelOffsets", "1 channels", "Received: 3 numbers");
    }

    [TestMethod]
    public void CrossValidate_trains_and_judges_each_fold()
    {
        IDataView data = BarModels.Keyed(_context, BarImages.Create(120));
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.Epoch = 12;
        var folds = _context.MulticlassClassification.CrossValidate(
            data, _context.MulticlassClassification.Trainers.ConvNet(options), numberOfFolds: 3);
        Assert.HasCount(3, folds);
        Assert.IsGreaterThan(0.8, folds.Average(fold => fold.Metrics.MicroAccuracy));
    }

    private static MLContext Seeded() => new(seed: 11);
}
