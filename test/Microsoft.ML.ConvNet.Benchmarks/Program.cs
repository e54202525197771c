using BenchmarkDotNet.Running;

namespace Microsoft.ML.ConvNet.Benchmarks;

/// <summary>The benchmarks' command line: one subcommand a benchmark.</summary>
internal static class Program
{
    private const string Usage =
        """
        Usage: Microsoft.ML.ConvNet.Benchmarks <command>
          peak                        multiply-add peak of one thread and of all, in registers
          convolution [name] [-t threads] [-b batch]
                                      forward pass and gradients of convolutions, as a share of the peak measured between them
          micro [arguments]           BenchmarkDotNet on the matrix product and the convolution
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
            case "micro":
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments[1..]);
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }
}
