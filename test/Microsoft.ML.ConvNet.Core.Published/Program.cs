// Prints the vector width and, for each of some networks, a hash of the weights and scores that it comes to: trained for some steps,
// written and read again, and run. The same source must print the same lines however it is compiled, in the same SIMD tier.
// With "predict FILE" it loads a model file and predicts once, as soon as it can; then it prints how many methods the JIT has compiled, in
// how many milliseconds, and a hash of the scores.
using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training;
using Architecture = Microsoft.ML.ConvNet.Zoo.Architecture;

namespace Microsoft.ML.ConvNet.Core.Published;

internal static class Program
{
    private const int Batch = 5;

    private static void Main(string[] arguments)
    {
        if (arguments is ["predict", string path])
        {
            PredictFirst(path);
            return;
        }

        Network[] networks =
        [
            Architecture.Get("lenet5").Create(new Shape(28, 28, 1)),
            Architecture.Get("shufflenet-v2").Create(new Shape(32, 32, 1), width: 0.5),
            Network.Input(28, 28, 1).Conv(8, 3, padding: 1).BatchNorm().Silu().MaxPool(2).DepthwiseConv(3).Prelu()
                .GlobalAvgPool().Dense(10).Softmax(),
        ];
        using (InferenceModel model = new(networks[0], Weights.Initialize(networks[0], seed: 1)))
        {
            Console.WriteLine($"{model.Profile(batch: 1, runs: 1).VectorBits} bits");
        }

        foreach (Network network in networks)
        {
            Console.WriteLine($"{network.Nodes.Count} nodes: {Hash(network)}");
        }
    }

    private static void PredictFirst(string path)
    {
        using NetworkFile file = NetworkFile.Load(path);
        using InferenceModel model = new(file.Network, file.Weights);
        float[] pixels = new float[file.Network.InputShape.ElementCount];
        pixels.AsSpan().Fill(100);
        file.Normalization.Apply(pixels);
        float[] scores = new float[file.Network.OutputShape.ElementCount];
        model.Predict(pixels, 1, scores);
        long methods = JitInfo.GetCompiledMethodCount();
        double milliseconds = JitInfo.GetCompilationTime().TotalMilliseconds;
        string hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(scores)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{methods} {milliseconds} {hash}"));
    }

    /// <summary>The SHA-256 of the weights after three steps, and of the scores with them.</summary>
    private static string Hash(Network network)
    {
        using InMemoryDataset samples = Samples(network.InputShape, 3 * Batch);
        TrainingResult result = NetworkTrainer.Train(network, samples, new TrainingOptions { Epochs = 1, BatchSize = Batch, Optimizer = new Adam() });
        using Weights weights = result.Weights;

        using MemoryStream file = new();
        SafeTensors.Write(weights, file);
        file.Position = 0;
        Network read = NetworkJson.Parse(NetworkJson.ToText(network));
        using Weights readWeights = SafeTensors.Read(file, read);

        float[] pixels = new float[Batch * read.InputShape.ElementCount];
        for (int i = 0; i < Batch; i++)
        {
            samples.ReadSample(i, pixels.AsSpan(i * read.InputShape.ElementCount, read.InputShape.ElementCount));
        }

        float[] scores = new float[Batch * read.OutputShape.ElementCount];
        using InferenceModel model = new(read, readWeights);
        model.Predict(pixels, Batch, scores);
        return Convert.ToHexStringLower(SHA256.HashData([.. file.ToArray(), .. MemoryMarshal.AsBytes<float>(scores)]));
    }

    /// <summary>Images of numbers that are mixed from their places, of ten classes.</summary>
    private static InMemoryDataset Samples(Shape shape, int count)
    {
        InMemoryDataset samples = new(shape, 10);
        float[] pixels = new float[shape.ElementCount];
        for (int sample = 0; sample < count; sample++)
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                uint mixed = (uint)((sample * pixels.Length) + i) * 2654435761u;
                pixels[i] = ((mixed ^ (mixed >> 15)) & 0xFFFF) / 65536f;
            }

            samples.Add(pixels, sample % 10);
        }

        return samples;
    }
}
