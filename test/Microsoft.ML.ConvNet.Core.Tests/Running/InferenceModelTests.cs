using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Running;

[TestClass]
public class InferenceModelTests
{
    [TestMethod]
    public void Eight_threads_that_score_at_once_get_the_bits_of_one()
    {
        Network network = LeNet5.Create();
        using Weights weights = Weights.Initialize(network, seed: 1);
        using InferenceModel model = new(network, weights, numberOfThreads: 2);
        float[] inputs = DistinctNumbers.Create(3 * network.InputShape.ElementCount, seed: 2);
        float[] expected = new float[3 * network.OutputShape.ElementCount];
        model.Predict(inputs, 3, expected);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, caller =>
        {
            int batch = 1 + (caller % 3);
            float[] outputs = new float[batch * network.OutputShape.ElementCount];
            for (int i = 0; i < 10; i++)
            {
                model.Predict(inputs.AsSpan(0, batch * network.InputShape.ElementCount), batch, outputs);
                Closeness.AssertSameBits(expected.AsSpan(0, outputs.Length), outputs, $"caller {caller}");
            }
        });
    }

    [TestMethod]
    public void A_large_batch_is_scored_in_parts_with_the_same_bits()
    {
        Network network = Network.Input(3, 3, 2).Conv(4, 2).Relu().Flatten().Dense(3);
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights, numberOfThreads: 2);
        const int Batch = 2500;
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 2);
        float[] together = new float[Batch * 3];
        model.Predict(inputs, Batch, together);
        float[] alone = new float[3];
        foreach (int n in new[] { 0, 1023, 1024, 2047, 2048, 2499 })
        {
            model.Predict(inputs.AsSpan(n * 18, 18), 1, alone);
            Closeness.AssertSameBits(together.AsSpan(n * 3, 3), alone, $"sample {n}");
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(2500)] // Several parts.
    public void Samples_that_the_model_reads_itself_have_the_same_bits(int batch)
    {
        Network network = Network.Input(3, 3, 2).Conv(4, 2).Relu().Flatten().Dense(3);
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights, numberOfThreads: 2);
        float[] inputs = DistinctNumbers.Create(batch * 18, seed: 2);
        float[] expected = new float[batch * 3];
        float[] outputs = new float[batch * 3];
        model.Predict(inputs, batch, expected);
        int[] reads = new int[batch];
        model.Predict(
            new Samples((sample, values) =>
            {
                Interlocked.Increment(ref reads[sample]);
                inputs.AsSpan(sample * 18, 18).CopyTo(values);
            }),
            batch,
            outputs);
        Closeness.AssertSameBits(expected, outputs, "all");
        Assert.IsTrue(Array.TrueForAll(reads, count => count == 1), "each once");

        Samples bad = new((sample, values) => throw new InvalidTimeZoneException(FormattableString.Invariant($"{sample}")));
        Assert.AreEqual("0", Assert.ThrowsExactly<InvalidTimeZoneException>(() => model.Predict(bad, batch, outputs)).Message);
        model.Predict(inputs, batch, outputs);
        Closeness.AssertSameBits(expected, outputs, "behind a failure");
        Assert.ThrowsExactly<ArgumentException>(() => model.Predict(bad, 0, []));
        Assert.ThrowsExactly<ArgumentException>(() => model.Predict(bad, batch, outputs.AsSpan(1)));
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => model.Predict(new Samples((_, values) => values.Clear()), batch, outputs, source.Token));
    }

    [TestMethod]
    public void Small_samples_are_scored_in_parts_that_the_caches_hold_with_the_same_bits()
    {
        Network network = MnistConvNet.Create();
        using Weights weights = Weights.Initialize(network, seed: 1);
        using InferenceModel model = new(network, weights, numberOfThreads: 2);
        const int Batch = 150;
        int inputLength = network.InputShape.ElementCount;
        float[] inputs = DistinctNumbers.Create(Batch * inputLength, seed: 2);
        float[] together = new float[Batch * 10];
        model.Predict(inputs, Batch, together);
        float[] alone = new float[10];
        foreach (int sample in new[] { 0, 49, 64, 100, 149 })
        {
            model.Predict(inputs.AsSpan(sample * inputLength, inputLength), 1, alone);
            Closeness.AssertSameBits(alone, together.AsSpan(sample * 10, 10), $"sample {sample}");
        }

        Assert.IsLessThan(2 * model.PlannedBytes(64), model.PlannedBytes(10_000));
    }

    [TestMethod]
    public void Reloaded_weights_score_as_a_new_model_of_them()
    {
        Network network = Network.Input(6, 6, 1).Conv(3, 3).BatchNorm().Relu().Flatten().Dense(4);
        using Weights first = TestWeights.Create(network, seed: 1);
        using Weights second = TestWeights.Create(network, seed: 2);
        float[] inputs = DistinctNumbers.Create(36, seed: 3);
        using InferenceModel model = new(network, first, numberOfThreads: 1);
        float[] outputs = new float[4];
        model.Predict(inputs, 1, outputs);
        model.Reload(second);
        model.Predict(inputs, 1, outputs);
        Closeness.AssertSameBits(EngineRun.Predict(network, second, inputs, 1, threads: 1), outputs, "reloaded");
    }

    [TestMethod]
    public void Spans_of_a_wrong_length_are_refused_with_both_lengths()
    {
        Network network = Network.Input([4]).Dense(2);
        using Weights weights = new(network);
        using InferenceModel model = new(network, weights);
        ArgumentException inputs = Assert.ThrowsExactly<ArgumentException>(() => model.Predict(new float[7], 2, new float[4]));
        StringAssert.Contains(inputs.Message, "Received: 7 numbers for a batch of 2.");
        ArgumentException outputs = Assert.ThrowsExactly<ArgumentException>(() => model.Predict(new float[8], 2, new float[5]));
        StringAssert.Contains(outputs.Message, "Received: room for 5 for a batch of 2.");
        Assert.ThrowsExactly<ArgumentException>(() => model.Predict([], 0, []));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new InferenceModel(network, weights, numberOfThreads: -1));
    }

    [TestMethod]
    public void Weights_of_another_network_and_use_after_disposal_are_refused()
    {
        Network network = Network.Input([4]).Dense(2);
        Network other = Network.Input([4]).Dense(3);
        using Weights weights = new(network);
        Assert.ThrowsExactly<ArgumentException>(() => new InferenceModel(other, weights));
        InferenceModel model = new(network, weights);
        model.Dispose();
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Predict(new float[4], 1, new float[2]));
    }

    [TestMethod]
    public void A_network_of_layers_that_compute_nothing_gives_its_input()
    {
        Network network = Network.Input(2, 2, 1).Dropout(0.5f).Flatten();
        using Weights weights = new(network);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4 }, EngineRun.Predict(network, weights, [1, 2, 3, 4], 1, threads: 1));
    }

    private delegate void SampleReading(int sample, Span<float> values);

    private sealed class Samples(SampleReading read) : IInputSamples
    {
        public void Read(int sample, Span<float> values) => read(sample, values);
    }
}
