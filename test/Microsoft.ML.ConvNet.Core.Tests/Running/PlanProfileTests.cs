using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Core.Tests.Training;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Running;

[TestClass]
public class PlanProfileTests
{
    // LeNet-5: 28 28 6 5 5 1, 10 10 16 5 5 6, 400 120, 120 84 and 84 10.
    private const long FirstConvolution = 117_600;
    private const long MultiplyAdds = FirstConvolution + 240_000 + 48_000 + 10_080 + 840;

    // A step for each layer: no chain of layers in one.
    private static readonly PlanOptions LayerByLayer = new() { AllowsBatchLanes = false };

    [TestMethod]
    public void A_profile_of_scoring_has_the_plans_steps_with_their_kernels_costs_and_times()
    {
        Network network = LeNet5.Create();
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights, numberOfThreads: 2, LayerByLayer);
        PlanProfile profile = model.Profile(batch: 3, runs: 4);
        Assert.AreEqual((3, 4, 2, false), (profile.Batch, profile.Runs, profile.NumberOfThreads, profile.IsTraining));
        Assert.AreEqual(3 * MultiplyAdds, profile.MultiplyAdds);
        CollectionAssert.AreEqual(
            new[] { "conv1", "maxpool1", "conv2", "maxpool2", "fc1", "fc2", "fc3", "softmax1" }, profile.Steps.Select(step => step.Layer).ToArray());
        StepProfile first = profile.Steps[0];
        Assert.AreEqual(StepKind.Forward, first.Kind);
        StringAssert.StartsWith(first.Kernel, "convolution 5x5 + bias + Relu, ");
        Assert.AreEqual("28x28x6", first.OutputShape.ToString());
        Assert.AreEqual(3 * FirstConvolution, first.MultiplyAdds);
        Assert.IsTrue(first.WrittenBytes >= 3 * 4 * 28 * 28 * 6, $"{first.WrittenBytes} bytes");
        Assert.IsTrue(profile.Steps.All(step => step.Time >= TimeSpan.Zero));
        Assert.IsTrue(profile.Time > TimeSpan.Zero && first.Time > TimeSpan.Zero && first.GigaflopsPerSecond > 0);
        Assert.AreEqual(1, profile.Steps.Sum(profile.ShareOf), 1e-9);
    }

    [TestMethod]
    public void A_profile_of_training_counts_a_gradient_of_weights_and_one_of_inputs_each_as_a_forward_pass_and_ends_with_the_update()
    {
        Network network = LeNet5.Create();
        TrainingOptions options = new() { BatchSize = 5, NumberOfThreads = 1, Optimizer = new Adam(), PlanOptions = LayerByLayer };
        PlanProfile profile = NetworkTrainer.Profile(network, options, runs: 2);
        Assert.AreEqual((5, 2, 1, true), (profile.Batch, profile.Runs, profile.NumberOfThreads, profile.IsTraining));

        // Nothing asks for the gradient of the first layer's input.
        Assert.AreEqual(5 * ((3 * MultiplyAdds) - FirstConvolution), profile.MultiplyAdds);
        Assert.AreEqual((StepKind.Update, "Adam"), (profile.Steps[^1].Kind, profile.Steps[^1].Kernel));
        Assert.AreEqual(2 * profile.Memory.ParameterBytes, profile.Memory.OptimizerBytes);
        Assert.AreEqual(profile.Memory.ParameterBytes, profile.Memory.GradientBytes);
        foreach (string layer in new[] { "conv1", "conv2", "fc1", "fc2", "fc3" })
        {
            StepKind[] kinds = [.. profile.Steps.Where(step => step.Layer == layer).Select(step => step.Kind)];
            CollectionAssert.IsSubsetOf(new[] { StepKind.Forward, StepKind.Backward }, kinds);
        }
    }

    [TestMethod]
    public void A_chain_of_layers_in_one_step_counts_what_its_layers_do()
    {
        Network network = LeNet5.Create();
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights, numberOfThreads: 2);
        PlanProfile profile = model.Profile(batch: 20, runs: 1);
        Assert.AreEqual(20 * MultiplyAdds, profile.MultiplyAdds);
        Assert.AreEqual("conv1..maxpool2", profile.Steps[0].Layer);
        StringAssert.StartsWith(profile.Steps[0].Kernel, "batch lanes 5x5 + bias + Relu, ");
        TrainingOptions options = new() { BatchSize = 20, NumberOfThreads = 1 };
        Assert.AreEqual(20 * ((3 * MultiplyAdds) - FirstConvolution), NetworkTrainer.Profile(network, options, runs: 1).MultiplyAdds);
    }

    [TestMethod]
    public void Profiling_changes_neither_scores_nor_weights()
    {
        Network network = SmallImages.Network;
        using Weights weights = TestWeights.Create(network);
        using Weights copy = weights.Clone();
        using InferenceModel model = new(network, weights, numberOfThreads: 2);
        float[] inputs = DistinctNumbers.Create(network.InputShape.ElementCount, seed: 1);
        float[] before = new float[2];
        float[] after = new float[2];
        model.Predict(inputs, 1, before);
        model.Profile(batch: 4, runs: 1);
        NetworkTrainer.Profile(network, new TrainingOptions { BatchSize = 4 }, weights, runs: 1);
        model.Predict(inputs, 1, after);
        Closeness.AssertSameBits(before, after, "scores");
        foreach (string name in weights.Names)
        {
            Closeness.AssertSameBits(copy[name].Span, weights[name].Span, name);
        }
    }

    [TestMethod]
    public void A_batch_that_is_scored_in_parts_is_profiled_as_a_whole_and_takes_the_memory_of_a_part()
    {
        Network network = Network.Input(3, 3, 2).Conv(4, 2).Relu().Flatten().Dense(3);
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights, numberOfThreads: 1);
        PlanProfile profile = model.Profile(batch: 2500, runs: 1);
        Assert.AreEqual(2500, profile.Batch);
        Assert.AreEqual(2500 * ((2 * 2 * 4 * 2 * 2 * 2) + (16 * 3)), profile.MultiplyAdds);

        // At most 1024 at a time: three parts, of 834 samples, rounded up to whole vectors of samples.
        Assert.AreEqual(model.PlannedBytes(848), profile.Memory.PlannedBytes);
        Assert.AreEqual(model.PlannedBytes(848), model.PlannedBytes(2500));
    }

    [TestMethod]
    [DataRow("lenet5", 32)]
    [DataRow("mnist-convnet", 32)]
    public void The_planned_memory_is_arena_and_constants_and_the_arena_is_what_lives_at_once(string name, int batch)
    {
        Network network = Architecture.Get(name).Create();
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights, numberOfThreads: 2);
        MemoryProfile memory = model.Profile(batch, runs: 1).Memory;
        Assert.AreEqual(memory.ArenaBytes + memory.ConstantBytes, memory.PlannedBytes);
        Assert.AreEqual(model.PlannedBytes(batch), memory.PlannedBytes);
        AssertTight(memory);
        AssertTight(NetworkTrainer.Profile(network, new TrainingOptions { BatchSize = batch }, weights, runs: 1).Memory);

        // A batch norm free network: its constants are its weights in another order, padded.
        Assert.IsTrue(memory.ConstantBytes >= memory.ParameterBytes * 0.9, $"{memory.ConstantBytes} of {memory.ParameterBytes}");

        static void AssertTight(MemoryProfile memory) => Assert.IsTrue(
            memory.LiveBytes > 0 && memory.LiveBytes <= memory.ArenaBytes && memory.ArenaBytes <= 1.1 * memory.LiveBytes,
            $"The arena has {memory.ArenaBytes:N0} bytes, of which at most {memory.LiveBytes:N0} live at once.");
    }

    [TestMethod]
    public void The_table_shows_a_line_a_step_the_total_the_time_and_the_memory()
    {
        Network network = Network.Input(6, 6, 1).Conv(2, 3, padding: 1).Relu().MaxPool(2).Flatten().Dense(10).ToNetwork("tiny");
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights, numberOfThreads: 1, LayerByLayer);
        PlanProfile profile = model.Profile(batch: 2, runs: 1) with { Time = TimeSpan.FromMilliseconds(4) };
        profile = profile with { Steps = [.. profile.Steps.Select(step => step with { Time = TimeSpan.FromMilliseconds(1) })] };
        string[] lines = profile.ToString().Split('\n');
        StringAssert.StartsWith(lines[0], "tiny: inference, batch 2, at most 1 thread, ");
        CollectionAssert.AreEqual(
            new[] { "layer", "conv1", "maxpool1", "fc1", "total" }, lines.Skip(2).Take(5).Select(line => line.Split(' ')[0]).ToArray());

        // 2 6 6 2 9 = 1,296 multiply-adds in a millisecond are 2.6 million operations a second: 0.0 billion, and a third of the time.
        CollectionAssert.IsSubsetOf(new[] { "conv1", "forward", "6x6x2", "1,296", "1.000", "33.3%" }, lines[3].Split(' '));
        CollectionAssert.IsSubsetOf(new[] { "total", "1,656", "3.000", "100.0%" }, lines[6].Split(' '));
        Assert.AreEqual("Time: 4.000 ms a run, 500 samples a second, 0.0 GFLOP/s", lines[8]);
        StringAssert.StartsWith(lines[9], "Memory: ");
        Assert.IsFalse(lines.Any(line => line.EndsWith(' ')));
    }

    [TestMethod]
    public void A_batch_or_a_number_of_runs_out_of_range_is_refused()
    {
        Network network = SmallImages.Network;
        using Weights weights = TestWeights.Create(network);
        InferenceModel model = new(network, weights, numberOfThreads: 1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Profile(batch: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.PlannedBytes(batch: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Profile(batch: int.MaxValue));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Profile(runs: -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NetworkTrainer.Profile(network, runs: -1));
        Network image = Network.Input(4, 4, 1).Conv(2, 3);
        ArgumentException notAVector = Assert.ThrowsExactly<ArgumentException>(() => NetworkTrainer.Profile(image, runs: 1));
        StringAssert.Contains(notAVector.Message, "Received: 2x2x2");
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Profile());
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.PlannedBytes());
    }
}
