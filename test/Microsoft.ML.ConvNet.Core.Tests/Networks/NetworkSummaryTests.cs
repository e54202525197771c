using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

[TestClass]
public class NetworkSummaryTests
{
    [TestMethod]
    public void LeNet5_costs_what_a_hand_calculation_gives()
    {
        NetworkSummary summary = LeNet5.Create().Summary();
        Assert.AreEqual(61_706, summary.ParameterCount);

        // 28 28 6 5 5 1 + 10 10 16 5 5 6 + 400 120 + 120 84 + 84 10.
        Assert.AreEqual(117_600 + 240_000 + 48_000 + 10_080 + 840, summary.MultiplyAdds);

        // conv1, relu1, maxpool1, conv2, relu2, maxpool2, flatten1, fc1, relu3, fc2, relu4, fc3, softmax1.
        Assert.AreEqual(4704 + 4704 + 1176 + 1600 + 1600 + 400 + 400 + 120 + 120 + 84 + 84 + 10 + 10, summary.ActivationCount);
        Assert.AreEqual(4 * 61_706, summary.ParameterBytes);
    }

    [TestMethod]
    public void Training_takes_parameters_gradients_the_optimizers_numbers_and_activations_with_their_gradients()
    {
        NetworkSummary summary = LeNet5.Create().Summary();
        long parameters = 4 * 61_706;
        Assert.AreEqual(2 * parameters, summary.TrainingBytes(batch: 0, optimizerStatesPerParameter: 0));
        Assert.AreEqual(
            (4 * parameters) + (32 * 2 * summary.ActivationBytes), summary.TrainingBytes(batch: 32, optimizerStatesPerParameter: 2));
    }

    [TestMethod]
    public void What_a_training_takes_follows_from_its_optimizer_copies_of_weights_and_batches_read_ahead()
    {
        Network network = LeNet5.Create();
        long parameters = 4 * 61_706;
        long batch = 32 * 28 * 28 * 4;
        long step = (2 * parameters) + (32 * 2 * network.Summary().ActivationBytes);
        TrainingOptions options = new() { Optimizer = new Sgd { Momentum = 0 }, KeepBest = false, PrefetchedBatches = 0, NumberOfThreads = 2 };
        Assert.AreEqual(step, options.MemoryBytes(network));
        Assert.AreEqual(step + parameters, (options with { Optimizer = new Sgd { Momentum = 0.9f } }).MemoryBytes(network));
        Assert.AreEqual(step + (2 * parameters), (options with { Optimizer = new Adam() }).MemoryBytes(network));
        Assert.AreEqual(step + parameters, (options with { Callbacks = [new WeightAverage()] }).MemoryBytes(network));
        Assert.AreEqual(step + parameters, (options with { KeepBest = true }).MemoryBytes(network));
        Assert.AreEqual(step + parameters, (options with { Callbacks = [new KeepBest(TrainingMetric.Loss)] }).MemoryBytes(network));
        Assert.AreEqual(step + (3 * batch), (options with { PrefetchedBatches = 3 }).MemoryBytes(network));
        Assert.AreEqual(step, (options with { PrefetchedBatches = 3, NumberOfThreads = 1 }).MemoryBytes(network), "one thread reads nothing ahead");
        Assert.AreEqual(step + (4 * parameters) + (2 * batch), (options with
        {
            Optimizer = new AdamW(),
            Callbacks = [new WeightAverage()],
            KeepBest = true,
            PrefetchedBatches = 2,
        }).MemoryBytes(network));
    }

    [TestMethod]
    public void Running_statistics_are_counted_apart()
    {
        NetworkSummary summary = ((Network)Network.Input(4, 4, 1).Conv(8, 3, useBias: false).BatchNorm()).Summary();
        Assert.AreEqual(72 + 16, summary.ParameterCount);
        Assert.AreEqual(16, summary.UntrainedParameterCount);
        StringAssert.Contains(summary.ToString(), "and 16 running statistics and constants");
    }

    [TestMethod]
    public void The_table_shows_a_line_a_layer_and_the_totals()
    {
        Network network = Network.Input(6, 6, 1).Conv(2, 3, padding: 1).Relu().MaxPool(2).Flatten().Dense(10).ToNetwork("tiny");
        string[] lines = network.Summary().ToString().Split('\n');
        Assert.AreEqual("tiny", lines[0]);
        CollectionAssert.AreEqual(
            new[] { "layer", "input", "conv1", "relu1", "maxpool1", "flatten1", "fc1", "total" },
            lines.Skip(1).Take(8).Select(line => line.Split(' ')[0]).ToArray());
        CollectionAssert.IsSubsetOf(new[] { "conv1", "6x6x2", "20", "648" }, lines[3].Split(' '));
        CollectionAssert.IsSubsetOf(new[] { "total", "210", "828" }, lines[8].Split(' '));
        Assert.IsFalse(lines.Any(line => line.EndsWith(' ')));
    }
}
