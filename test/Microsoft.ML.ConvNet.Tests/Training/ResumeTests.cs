using Microsoft.ML.ConvNet.Tests.Rows;

namespace Microsoft.ML.ConvNet.Tests.Training;

/// <summary>Trainings in a pipeline that are stopped and gone on with.</summary>
[TestClass]
public sealed class ResumeTests
{
    private readonly MLContext _context = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("convnet-test-").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_cancelled_training_goes_on_to_the_bits_of_one_that_was_not_though_nobody_gave_a_seed()
    {
        string whole = Path.Combine(_folder, "whole");
        uint[] expected = BarModels.WeightBits(Train(whole));
        foreach (int batch in (int[])[1, 5])
        {
            string folder = Path.Combine(_folder, $"stopped after {batch}");
            using CancellationTokenSource source = new();
            int batches = 0;
            ConvNetTransformer stopped = Train(folder, options =>
            {
                options.CancellationToken = source.Token;
                options.MetricsCallback = progress =>
                {
                    if (progress.CompletedEpoch is null && ++batches == batch)
                    {
                        source.Cancel();
                    }
                };
            });
            CollectionAssert.AreNotEqual(expected, BarModels.WeightBits(stopped));
            ConvNetTransformer resumed = Train(folder, options => options.Resume = true);
            CollectionAssert.AreEqual(expected, BarModels.WeightBits(resumed), $"stopped after {batch}");
            Assert.HasCount(3, resumed.TrainingReport);
        }
    }

    [TestMethod]
    public void Where_there_is_nothing_to_go_on_from_the_training_begins()
    {
        uint[] expected = BarModels.WeightBits(Train(Path.Combine(_folder, "one")));
        CollectionAssert.AreEqual(expected, BarModels.WeightBits(Train(Path.Combine(_folder, "other"), options => options.Resume = true)));
    }

    [TestMethod]
    public void A_folder_that_is_in_use_and_a_resumption_without_a_folder_are_refused()
    {
        _ = Train(_folder);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Train(_folder)).Message, "set Resume to go on with that training");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Train(null, options => options.Resume = true)).Message,
            "CheckpointFolder is the folder of the states that Resume goes on from. Received: none.");
    }

    private ConvNetTransformer Train(string? folder, Action<ConvNetMulticlassTrainer.Options>? set = null) => BarModels.Train(_context, options =>
    {
        options.NetworkBuilder = (input, classes) => input.Conv(4, 3).BatchNorm().Relu().Flatten().Dropout(0.2f).Dense(classes);
        options.Epoch = 3;
        options.BatchSize = 16;
        options.ValidationSetFraction = 0.25f;
        options.CheckpointFolder = folder;
        set?.Invoke(options);
    });
}
