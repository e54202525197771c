using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Running;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

/// <summary>
/// Networks of random layers and wiring: the bits of a prediction are the same at any batch and number of threads, and what ONNX export writes
/// and import reads scores as the network itself.
/// </summary>
internal sealed class RandomNetworkTarget : FuzzTarget
{
    private const int Batch = 3;
    private const float Tolerance = 1e-3f;

    /// <inheritdoc/>
    public override string Name => "networks";

    /// <inheritdoc/>
    protected override bool IsDocumented(Exception exception) => false;

    /// <inheritdoc/>
    protected override void Run(Random random)
    {
        ulong seed = (ulong)random.NextInt64();
        Network network = random.Next(2) == 0 ? RandomNetwork.Create(seed) : RandomArrayNetwork.Create(seed);
        using Weights weights = TestWeights.Create(network, seed);
        int length = network.InputShape.ElementCount;
        float[] inputs = DistinctNumbers.Create(Batch * length, seed);
        float[] together = Predict(network, weights, inputs, Batch, threads: 2);
        int outputs = together.Length / Batch;
        for (int n = 0; n < Batch; n++)
        {
            float[] alone = Predict(network, weights, inputs[(n * length)..((n + 1) * length)], 1, threads: 1);
            RequireSameBits(alone, together.AsSpan(n * outputs, outputs), network);
        }

        RequireSameThroughOnnx(network, weights, inputs, together);
    }

    private static float[] Predict(Network network, Weights weights, float[] inputs, int batch, int threads)
    {
        using InferenceModel model = new(network, weights, threads);
        float[] outputs = new float[batch * network.OutputShape.ElementCount];
        model.Predict(inputs, batch, outputs);
        return outputs;
    }

    private static void RequireSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, Network network)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                throw new InvalidOperationException($"Output {i} is {actual[i]:R} in a batch and {expected[i]:R} alone: {network}");
            }
        }
    }

    private static void RequireSameThroughOnnx(Network network, Weights weights, float[] inputs, float[] expected)
    {
        using MemoryStream stream = new();
        OnnxExport.Save(network, weights, stream);
        stream.Position = 0;
        using OnnxNetwork imported = OnnxModel.Load(stream).Import();
        if (imported.Network.InputShape.ElementCount != network.InputShape.ElementCount)
        {
            throw new InvalidOperationException($"The input is {imported.Network.InputShape} after export and import: {network}");
        }

        // One that computes across the batch as it is written is imported for single samples.
        int length = network.InputShape.ElementCount;
        float[] actual = imported.IsBatched
            ? Predict(imported.Network, imported.Weights, inputs, Batch, threads: 2)
            : [.. inputs.Chunk(length).SelectMany(sample => Predict(imported.Network, imported.Weights, sample, 1, threads: 2))];
        float largest = Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= Tolerance * largest))
            {
                throw new InvalidOperationException($"Output {i} is {actual[i]:R} after export and import, {expected[i]:R} before: {network}");
            }
        }
    }
}
