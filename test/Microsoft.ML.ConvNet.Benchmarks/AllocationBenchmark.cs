using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Benchmarks;

/// <summary>
/// Bytes that all threads allocate on the managed heap for a prediction, a training step, and a batch of the whole training loop, after a
/// warm-up; and the native memory that a model and a training hold, beside what the plan says.
/// </summary>
internal static unsafe class AllocationBenchmark
{
    private const int WarmUps = 60;
    private const int Calls = 60;

    /// <summary>Measures and prints.</summary>
    public static void Print()
    {
        Console.WriteLine($"{"network",-16}{"work",-34}{"threads",8}{"managed bytes",15}{"planned MB",12}{"held MB",10}");
        foreach ((string name, Network network) in new[] { ("lenet5", LeNet5.Create()), ("mnist-convnet", MnistConvNet.Create()) })
        {
            foreach (int threads in new[] { 1, 2 })
            {
                foreach (int batch in new[] { 1, 64 })
                {
                    PrintInference(name, network, batch, threads);
                }

                PrintTrainingStep(name, network, 64, threads);
                PrintTraining(name, network, 64, threads);
            }
        }
    }

    private static void PrintInference(string name, Network network, int batch, int threads)
    {
        using Weights weights = Weights.Initialize(network, seed: 1);
        float[] inputs = new float[batch * network.InputShape.ElementCount];
        float[] outputs = new float[batch * network.OutputShape.ElementCount];
        ReserveScratch();
        long before = NativeBuffer.LiveBytes;
        using InferenceModel model = new(network, weights, threads);
        double bytes = BytesPerCall(() => model.Predict(inputs, batch, outputs));
        long held = NativeBuffer.LiveBytes - before;
        Print(name, $"inference, batch {batch}", threads, bytes, model.PlannedBytes(batch), held);

        // The threads' scratch memory belongs to all models: let it grow before.
        void ReserveScratch()
        {
            using InferenceModel first = new(network, weights, threads);
            first.Predict(inputs, batch, outputs);
        }
    }

    private static void PrintTrainingStep(string name, Network network, int batch, int threads)
    {
        using Weights weights = Weights.Initialize(network, seed: 1);
        using (TrainingSession first = new(network, weights, new SoftmaxCrossEntropy(), batch, threads, seed: 1))
        {
            first.Step(batch, epoch: 0);
        }

        long before = NativeBuffer.LiveBytes;
        Sgd optimizer = new();
        using TrainingSession session = new(network, weights, new SoftmaxCrossEntropy(), batch, threads, seed: 1);
        using OptimizerState state = new(optimizer, weights);
        double bytes = BytesPerCall(() =>
        {
            session.Step(batch, epoch: 0);
            using WorkerGang gang = session.Lease();
            optimizer.Update(gang, weights.Pointer, session.Gradients, session.TrainableRuns, state, 1e-6f);
        });
        long held = NativeBuffer.LiveBytes - before;

        // Gradients, and what momentum remembers.
        long planned = (long)session.ArenaBytes + (2 * (long)weights.Length * sizeof(float));
        Print(name, $"training step, batch {batch}", threads, bytes, planned, held);
    }

    private static void PrintTraining(string name, Network network, int batch, int threads)
    {
        const int Batches = 60;
        using InMemoryDataset dataset = new(network.InputShape, network.OutputShape.ElementCount);
        float[] pixels = new float[network.InputShape.ElementCount];
        for (int i = 0; i < Batches * batch; i++)
        {
            pixels[i % pixels.Length] = i % 7;
            dataset.Add(pixels, i % network.OutputShape.ElementCount);
        }

        long[] allocated = new long[2 * Batches];
        int done = 0;
        TrainingOptions options = new()
        {
            Epochs = 2,
            BatchSize = batch,
            NumberOfThreads = threads,
            LearningRate = 1e-6f,
            BatchCompleted = _ => allocated[done++] = GC.GetTotalAllocatedBytes(precise: true),
        };
        NetworkTrainer.Train(network, dataset, options).Weights.Dispose();
        double bytes = (allocated[^1] - allocated[Batches]) / (double)(Batches - 1);
        Print(name, $"training loop, batch {batch}", threads, bytes, planned: 0, held: 0);
    }

    private static double BytesPerCall(Action call)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            call();
        }

        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Calls; i++)
        {
            call();
        }

        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Calls;
    }

    private static void Print(string name, string work, int threads, double bytes, long planned, long held)
    {
        string memory = planned > 0 ? $"{planned / 1e6,12:F3}{held / 1e6,10:F3}" : string.Empty;
        Console.WriteLine($"{name,-16}{work,-34}{threads,8}{bytes,15:F1}{memory}");
    }
}
