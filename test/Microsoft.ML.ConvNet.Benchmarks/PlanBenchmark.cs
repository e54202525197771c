using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Benchmarks;

/// <summary>
/// Milliseconds that one thread takes to build a network, to plan it for inference and for training, and to lay out the memory of each plan:
/// the first time that the process meets the network, but not the first network that it plans, and the shortest time.
/// </summary>
internal static class PlanBenchmark
{
    private const int Runs = 10;
    private const int Batch = 16;

    /// <summary>Measures and prints.</summary>
    /// <param name="names">Architectures; where there are none, all of the Zoo.</param>
    public static int Run(string[] names)
    {
        List<Architecture> chosen = [];
        foreach (string name in names)
        {
            if (!Architecture.TryGet(name, out Architecture? architecture))
            {
                Console.Error.WriteLine($"plan takes the names of architectures. Received: {name}");
                return 2;
            }

            chosen.Add(architecture);
        }

        // What the process compiles the first time is no part of any architecture.
        _ = Measure(Architecture.Get("resnet18"), out _);
        Console.WriteLine(
            $"{"ms, first / least",-22}{"layers",8}{"steps",14}{"building",16}{"inference",16}{"training",16}{"inference arena",17}{"training arena",15}");
        foreach (Architecture architecture in chosen.Count > 0 ? chosen : Architecture.All)
        {
            Print(architecture);
        }

        return 0;
    }

    private static void Print(Architecture architecture)
    {
        double[] first = Measure(architecture, out string sizes);
        double[] least = first;
        for (int run = 1; run < Runs; run++)
        {
            least = [.. Measure(architecture, out _).Zip(least, Math.Min)];
        }

        Console.Write($"{architecture.Name,-22}{sizes}");
        foreach ((double once, double again) in first.Zip(least))
        {
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"{$"{once:0.0} / {again:0.0}",16}"));
        }

        Console.WriteLine();
    }

    private static double[] Measure(Architecture architecture, out string sizes)
    {
        (Network network, double build) = Time(() => architecture.Create());
        (Plan inference, double forInference) = Time(() => Planner.ForInference(network, PlanOptions.Default));
        (Plan training, double forTraining) = Time(
            () => Planner.ForTraining(network, new CrossEntropy(), PlanOptions.Default, isFrozen: null, inputGradient: false));
        (_, double inferenceLayout) = Time(() => new ArenaLayout(inference, Batch));
        (_, double trainingLayout) = Time(() => new ArenaLayout(training, Batch));
        sizes = $"{network.Nodes.Count,8}{$"{inference.Steps.Count} + {training.Steps.Count}",14}";
        return [build, forInference, forTraining, inferenceLayout, trainingLayout];
    }

    private static (T Result, double Milliseconds) Time<T>(Func<T> work)
    {
        long start = Stopwatch.GetTimestamp();
        T result = work();
        return (result, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private sealed class CrossEntropy : ILossFunction
    {
        public bool ReplacesSoftmax => true;

        public LossOp Lower(Shape outputs) => new CrossEntropyLossOp(outputs.ElementCount, LabelSmoothing: 0);
    }
}
