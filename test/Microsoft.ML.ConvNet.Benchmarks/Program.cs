using BenchmarkDotNet.Running;
using Microsoft.ML.ConvNet.Benchmarks.Cancelling;
using Microsoft.ML.ConvNet.Benchmarks.Fit;
using Microsoft.ML.ConvNet.Benchmarks.MemoryUse;
using Microsoft.ML.ConvNet.Benchmarks.Prefetching;
using Microsoft.ML.ConvNet.Benchmarks.Start;
using Microsoft.ML.ConvNet.Benchmarks.Sweep;
using Microsoft.ML.ConvNet.Benchmarks.Zoo;

namespace Microsoft.ML.ConvNet.Benchmarks;

/// <summary>The benchmarks' command line: one subcommand a benchmark.</summary>
internal static class Program
{
    private const string Usage =
        """
        Usage: Microsoft.ML.ConvNet.Benchmarks <command>
          peak                        multiply-add peak of one thread and of all, in registers
          convolution [name] [-t threads] [-b batch] [--direct]
                                      forward pass and gradients of convolutions, as a share of the peak measured between them;
                                      with --direct without Winograd
          sweep [--network NAME] [-b batch] [-t threads] [--direct] [--json FILE]
                                      the same for all layers of classical networks, and the weakest of them
          plan [name]...              time to build, plan and lay out architectures of the Zoo, or all of them
          start [--runs COUNT]        from the start of a process to its first prediction, published as IL, as compiled code and as native code
          fit [architecture]... [--epochs N] [--runs N] [--rows N] [--threads N]
                                      a training on MNIST through ML.NET, against the core's steps alone on the same batches
          memory [--images N] [--size S] [--epochs N] [--data DIR]
                                      peak of the memory of a process that trains on a folder of drawn images; of several epochs also what is
                                      in use at the end of each; with --data this process, on that folder
          prefetch [architecture]... --data DIR [--size S] [--epochs N] [--runs N] [--threads N]
                                      a training on a folder of images, with batches read ahead and without
          cancel [architecture]... [--data DIR] [--size S] [--rows N] [--cancels N] [--seed N] [--threads N]
                                      from cancelling a training, on MNIST and on images, until it has returned
          allocation                  bytes allocated on the managed heap a prediction and a training step
          zoo [--only NAME]... [--out FILE]
                                      every architecture once at full size: parameters, multiply-adds, times and memory, as a table in
                                      Markdown; build/zoo.sh writes it to docs/ZOO.md
          micro [arguments]           BenchmarkDotNet on single kernels
        """;

    private static int Main(string[] arguments)
    {
        switch (arguments.FirstOrDefault())
        {
            case "peak":
                PeakBenchmark.Print();
                return 0;
            case "convolution":
                return ConvolutionBenchmark.Run(arguments[1..]);
            case "sweep":
                return LayerSweep.Run(arguments[1..]);
            case "plan":
                return PlanBenchmark.Run(arguments[1..]);
            case "start":
                return StartBenchmark.Run(arguments[1..]);
            case "fit":
                return FitBenchmark.Run(arguments[1..]);
            case "memory":
                return MemoryBenchmark.Run(arguments[1..]);
            case "prefetch":
                return PrefetchBenchmark.Run(arguments[1..]);
            case "cancel":
                return CancelBenchmark.Run(arguments[1..]);
            case "allocation":
                AllocationBenchmark.Print();
                return 0;
            case "zoo":
                return ZooCheck.Run(arguments[1..]);
            case "micro":
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments[1..]);
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }
}
