using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>The memory that a training is refused for is that of its optimizer and of the copies of weights that it keeps.</summary>
[TestClass]
public sealed class TrainingMemoryTests
{
    private const long Parameters = 4 * 61_706;

    private static readonly Network Network = LeNet5.Create();
    private static readonly TrainingSettings OfLeNet5 = new(Architecture.Get("lenet5")) { KeepsBest = false, NumberOfThreads = 1 };

    [TestMethod]
    public void An_optimizer_counts_the_numbers_that_it_keeps_of_each_weight()
    {
        long plain = Bytes(OfLeNet5 with { Optimizer = new Sgd { Momentum = 0 } });
        Assert.AreEqual((2 * Parameters) + (8 * 2 * Network.Summary().ActivationBytes), plain);
        Assert.AreEqual(plain + Parameters, Bytes(OfLeNet5 with { Optimizer = new Sgd { Momentum = 0.9f } }));
        Assert.AreEqual(plain + (2 * Parameters), Bytes(OfLeNet5 with { Optimizer = new Adam() }));
    }

    [TestMethod]
    [DataRow("lenet5", 2)]
    [DataRow("vgg11", 1)]
    [DataRow("28x28x1 conv5-6 relu gap fc", 2)]
    public void Where_no_optimizer_is_given_it_is_the_recipes(string architecture, int numbers)
    {
        TrainingSettings settings = new(Architecture.Get(architecture)) { KeepsBest = false, NumberOfThreads = 1 };
        Assert.AreEqual(Bytes(settings with { Optimizer = new Sgd { Momentum = 0 } }) + (numbers * Parameters), Bytes(settings));
    }

    [TestMethod]
    public void Averages_and_the_weights_of_the_best_epoch_count_as_often_as_they_are_kept()
    {
        long none = Bytes(OfLeNet5);
        Assert.AreEqual(none + Parameters, Bytes(OfLeNet5 with { Callbacks = [new WeightAverage()] }));
        Assert.AreEqual(none + Parameters, Bytes(OfLeNet5 with { KeepsBest = true }));
    }

    [TestMethod]
    public void Batches_that_are_read_ahead_count() => Assert.AreEqual(
        Bytes(OfLeNet5) + (2 * 8 * 28 * 28 * 4), Bytes(OfLeNet5 with { NumberOfThreads = 2 }));

    [TestMethod]
    public void A_fine_tuning_is_by_default_with_AdamW_and_its_best_epoch()
    {
        LearningSettings settings = new() { NumberOfThreads = 1 };
        Assert.AreEqual(Bytes(OfLeNet5 with { Optimizer = new Adam(), KeepsBest = true }), Bytes(settings));
        Assert.AreEqual(Bytes(OfLeNet5 with { Optimizer = new Lion(), KeepsBest = true }), Bytes(settings with { Optimizer = new Lion() }));
    }

    private static long Bytes(LearningSettings settings)
    {
        TrainingOptions options = TrainingMemory.OptionsOf(settings, batch: 8);
        return options.MemoryBytes(Network);
    }
}
