using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Options = Microsoft.ML.ConvNet.ConvNetFineTuningTrainer.Options;

namespace Microsoft.ML.ConvNet.Tests.Transfer;

/// <summary>Fine-tunings that are stopped, fail, go on, or begin with features of an earlier one.</summary>
[TestClass]
public sealed class FineTuningEndsTests : IDisposable
{
    private readonly MLContext _context = new(seed: 1);
    private readonly PretrainedModel _model = Pictures.Model();
    private readonly TestFolder _folder = new();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [TestMethod]
    public void A_training_that_was_stopped_goes_on_to_the_bits_of_one_that_was_not()
    {
        uint[] expected = BarModels.WeightBits(Fit(null));
        string folder = Path.Combine(_folder.Path, "states");
        using CancellationTokenSource source = new();
        ConvNetTransformer stopped = Fit(options =>
        {
            options.CheckpointFolder = folder;
            options.CancellationToken = source.Token;
            options.MetricsCallback = CancelIn(source, FineTuningPhase.Network, epoch: 2);
        });
        CollectionAssert.AreNotEqual(expected, BarModels.WeightBits(stopped));
        CollectionAssert.AreEqual(expected, BarModels.WeightBits(Fit(options =>
        {
            options.CheckpointFolder = folder;
            options.Resume = true;
        })));
    }

    [TestMethod]
    public void A_training_of_another_base_model_or_head_is_not_gone_on_with()
    {
        string folder = Path.Combine(_folder.Path, "states");
        using CancellationTokenSource source = new();
        _ = Fit(options =>
        {
            options.CheckpointFolder = folder;
            options.CancellationToken = source.Token;
            options.MetricsCallback = CancelIn(source, FineTuningPhase.Network, epoch: 2);
        });
        using PretrainedModel other = Pictures.Model(seed: 6);
        foreach ((Action<Options> set, string message) in ((Action<Options>, string)[])
        [
            (options => options.BaseModel = other, "as weights of the base model, where"),
            (options => options.Epoch = 21, "Received: 21 as epochs of the head, where"),
            (options => (options.LearningRate, options.FineTuningLearningRate) = (0.03f, 0.02f / 10), "Received: 0.03 as learning rate of the head, where"),
            (options => options.HeadWeightDecay = 2, "Received: 2 as weight decay of the head, where"),
        ])
        {
            ErrorText.Is<ArgumentException>(
                () => Fit(options =>
                {
                    (options.CheckpointFolder, options.Resume) = (folder, true);
                    set(options);
                }),
                message);
        }
    }

    [TestMethod]
    public void What_the_head_has_learnt_is_kept_when_it_is_cancelled()
    {
        using CancellationTokenSource source = new();
        LogLines log = new(_context);
        ConvNetTransformer model = Fit(options =>
        {
            options.CancellationToken = source.Token;
            options.MetricsCallback = CancelIn(source, FineTuningPhase.Head, epoch: 5);
        });
        CollectionAssert.AreEqual(_model.Weights["stem.weight"].ToArray(), model.Weights["stem.weight"].ToArray());
        Assert.HasCount(4, model.TrainingReport);
        StringAssert.Contains(string.Join('\n', log.Warnings), "Training of the head was cancelled in epoch 5");
    }

    [TestMethod]
    public void One_that_is_cancelled_before_the_head_learns_gives_no_model()
    {
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(() => Fit(options =>
        {
            options.CancellationToken = source.Token;
            options.MetricsCallback = _ => source.Cancel();
        }));
    }

    [TestMethod]
    [DataRow(FineTuningPhase.Head)]
    [DataRow(FineTuningPhase.Network)]
    public void A_callback_that_throws_leaves_the_model_so_far(FineTuningPhase phase)
    {
        InvalidTimeZoneException error = Assert.ThrowsExactly<InvalidTimeZoneException>(() => Fit(options => options.MetricsCallback = metrics =>
        {
            if (metrics.Phase == phase && metrics.Train?.Epoch == 2)
            {
                throw new InvalidTimeZoneException("stopped");
            }
        }));
        ConvNetTransformer model = ConvNetTransformer.FromFailure(error)!;
        IDataView rows = Pictures.Load(_context, Pictures.Create(30));
        Assert.HasCount(30, BarModels.ScoreBits(model.Transform(rows)).Chunk(3).ToArray());
    }

    [TestMethod]
    public void One_whose_network_diverges_leaves_the_model_with_the_trained_head()
    {
        ConvNetTransformer head = Fit(options => options.FineTuningEpoch = 0);
        TrainingDivergedException error = Assert.ThrowsExactly<TrainingDivergedException>(() => Fit(options =>
        {
            options.FineTuningLearningRate = 1e30f;
            options.LearningRateScheduler = new ConvNet.Training.Schedules.ConstantLearningRate();
        }));
        ConvNetTransformer left = ConvNetTransformer.FromFailure(error)!;
        CollectionAssert.AreEqual(_model.Weights["stem.weight"].ToArray(), left.Weights["stem.weight"].ToArray());
        Assert.AreEqual(head.Weights["head.weight"].Shape, left.Weights["head.weight"].Shape);
    }

    [TestMethod]
    public void Features_are_used_again_where_they_are_of_the_same_images_and_computed_anew_where_not()
    {
        void Set(Options options)
        {
            options.WorkspacePath = Path.Combine(_folder.Path, "new", "features");
            options.ReuseTrainSetBottleneckCachedValues = true;
            options.ReuseValidationSetBottleneckCachedValues = true;
            options.ValidationSetFraction = 0.25f;
        }

        uint[] expected = BarModels.WeightBits(Fit(options => options.ValidationSetFraction = 0.25f));
        Assert.AreEqual("TrainSetFeatures ValidationSetFeatures", Computed(Set, out ConvNetTransformer first));
        Assert.AreEqual(string.Empty, Computed(Set, out ConvNetTransformer second));
        Assert.AreEqual("TrainSetFeatures ValidationSetFeatures", Computed(Set, out _, seed: 9), "other images");
        Assert.AreEqual("TrainSetFeatures ValidationSetFeatures", Computed(options => SetLayer(options, "stem.relu"), out _), "another layer");
        Assert.AreEqual(string.Empty, Computed(options => SetLayer(options, "stem.relu"), out _));
        File.WriteAllText(Path.Combine(_folder.Path, "new", "features", "trainSetBottleneckFile.safetensors"), "damaged");
        Assert.AreEqual("TrainSetFeatures", Computed(options => SetLayer(options, "stem.relu"), out _));
        CollectionAssert.AreEqual(expected, BarModels.WeightBits(first));
        CollectionAssert.AreEqual(expected, BarModels.WeightBits(second));

        void SetLayer(Options options, string layer)
        {
            Set(options);
            options.Layer = layer;
        }

        string Computed(Action<Options> set, out ConvNetTransformer model, int seed = 1)
        {
            HashSet<string> phases = [];
            model = Fit(
                options =>
                {
                    set(options);
                    options.MetricsCallback = metrics => _ = metrics.Images > 0 && phases.Add($"{metrics.Phase}");
                },
                seed);
            return string.Join(' ', phases);
        }
    }

    [TestMethod]
    public void Early_stopping_ends_head_and_network()
    {
        ConvNetTransformer model = Fit(options =>
        {
            options.Epoch = 50;
            options.FineTuningEpoch = 10;
            options.EarlyStoppingCriteria = new EarlyStopping(2, TrainingMetric.Best, minimumChange: 0.9);
        });
        Assert.IsLessThan(20, model.TrainingReport.Count);
    }

    [TestMethod]
    public void The_head_is_kept_where_no_epoch_of_the_network_validates_better()
    {
        LogLines log = new(_context);
        ConvNetTransformer model = Fit(Hasty);
        EpochMetrics[] head = [.. model.TrainingReport.Take(20)];
        EpochMetrics[] network = [.. model.TrainingReport.Skip(20)];
        Assert.IsGreaterThan(network.Max(epoch => epoch.ValidationAccuracy!.Value), head.Max(epoch => epoch.ValidationAccuracy!.Value));
        CollectionAssert.AreEqual(BarModels.WeightBits(Fit(HeadOfHasty)), BarModels.WeightBits(model));
        StringAssert.Contains(string.Join('\n', log.Warnings), "No epoch of the network did better on the validation images than epoch ");
        Assert.HasCount(2, network);
    }

    [TestMethod]
    public void The_head_is_what_a_failure_leaves_where_no_epoch_of_the_network_validates_better()
    {
        InvalidTimeZoneException error = Assert.ThrowsExactly<InvalidTimeZoneException>(() => Fit(options =>
        {
            Hasty(options);
            options.MetricsCallback = metrics =>
                _ = metrics is { Phase: FineTuningPhase.Network, Train.Epoch: 2 } ? throw new InvalidTimeZoneException("stopped") : 0;
        }));
        CollectionAssert.AreEqual(BarModels.WeightBits(Fit(HeadOfHasty)), BarModels.WeightBits(ConvNetTransformer.FromFailure(error)!));
    }

    [TestMethod]
    public void The_network_is_kept_where_it_validates_better()
    {
        ConvNetTransformer model = Fit(options => (options.ValidationSetFraction, options.Epoch, options.LearningRate) = (0.25f, 1, 1e-6f));
        EpochMetrics[] epochs = [.. model.TrainingReport];
        Assert.IsTrue(epochs.Skip(1).Any(epoch => epoch.ValidationAccuracy >= epochs[0].ValidationAccuracy && epoch.ValidationLoss < epochs[0].ValidationLoss));
        CollectionAssert.AreNotEqual(_model.Weights["stem.weight"].ToArray(), model.Weights["stem.weight"].ToArray());
    }

    [TestMethod]
    public void A_test_on_the_training_images_that_fails_leaves_the_trained_model()
    {
        InvalidTimeZoneException error = Assert.ThrowsExactly<InvalidTimeZoneException>(() => Fit(options =>
        {
            options.TestOnTrainSet = true;
            options.MetricsCallback = metrics => _ = metrics.Phase == FineTuningPhase.TestOnTrainSet ? throw new InvalidTimeZoneException("stopped") : 0;
        }));
        CollectionAssert.AreEqual(BarModels.WeightBits(Fit(null)), BarModels.WeightBits(ConvNetTransformer.FromFailure(error)!));
    }

    [TestMethod]
    public void A_workspace_that_is_no_folder_is_refused_before_a_row_is_read()
    {
        string path = Path.Combine(_folder.Path, "file");
        File.WriteAllText(path, "text");

        // The reading of rows would find that it was cancelled.
        ErrorText.Is<ArgumentException>(
            () => Fit(options =>
            {
                options.WorkspacePath = path;
                options.CancellationToken = new CancellationToken(canceled: true);
            }),
            "WorkspacePath is a folder that can be written to",
            path);
    }

    [TestMethod]
    public void Features_that_cannot_be_kept_are_a_warning_and_the_training_goes_on()
    {
        string path = Path.Combine(_folder.Path, "features");
        LogLines log = new(_context);
        ConvNetTransformer model = Fit(options =>
        {
            options.WorkspacePath = path;
            options.MetricsCallback = metrics =>
            {
                if (metrics.Phase == FineTuningPhase.TrainSetFeatures && Directory.Exists(path))
                {
                    Directory.Delete(path, recursive: true);
                    File.WriteAllText(path, "text");
                }
            };
        });
        CollectionAssert.AreEqual(BarModels.WeightBits(Fit(null)), BarModels.WeightBits(model));
        StringAssert.Contains(string.Join('\n', log.Warnings), "The features of the images cannot be kept in");
    }

    [TestMethod]
    [Timeout(60_000)]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void Features_are_neither_read_from_a_pipe_nor_written_to_one()
    {
        string pipe = Path.Combine(_folder.Path, "trainSetBottleneckFile.safetensors");
        using (System.Diagnostics.Process maker = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            maker.WaitForExit();
        }

        LogLines log = new(_context);
        ConvNetTransformer model = Fit(options =>
        {
            options.WorkspacePath = _folder.Path;
            options.ReuseTrainSetBottleneckCachedValues = true;
        });
        CollectionAssert.AreEqual(BarModels.WeightBits(Fit(null)), BarModels.WeightBits(model));
        StringAssert.Contains(
            string.Join('\n', log.Warnings), $"Features are kept in a regular file. Received: \"{pipe}\", which is a named pipe; they are not kept.");
    }

    [TestMethod]
    [DataRow(1 << 20, 2047, true)]
    [DataRow(1 << 20, 2048, false)]
    [DataRow(3_000_000, 2048, false)]
    public void Features_of_more_numbers_than_a_file_has_are_known_by_their_count(int images, int length, bool fits) =>
        Assert.AreEqual(fits, Fitting.FeatureCache.FitsFile(images, length));

    /// <summary>A training whose network learns so fast that it forgets.</summary>
    private static void Hasty(Options options)
    {
        options.ValidationSetFraction = 0.25f;
        options.FineTuningEpoch = 2;
        options.FineTuningLearningRate = 5;
    }

    private static void HeadOfHasty(Options options)
    {
        Hasty(options);
        (options.FineTuningEpoch, options.FineTuningLearningRate) = (0, null);
    }

    private static Action<FineTuningMetrics> CancelIn(CancellationTokenSource source, FineTuningPhase phase, int epoch) => metrics =>
    {
        if (metrics.Phase == phase && metrics.Train?.Epoch == epoch)
        {
            source.Cancel();
        }
    };

    private ConvNetTransformer Fit(Action<Options>? set, int seed = 1)
    {
        Options options = FineTuningTests.SmallOptions(_model);
        set?.Invoke(options);
        return _context.MulticlassClassification.Trainers.ConvNetFineTuning(options).Fit(Pictures.Load(_context, Pictures.Create(60, seed)));
    }
}
