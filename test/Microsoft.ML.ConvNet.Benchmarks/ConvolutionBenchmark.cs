using System.Globalization;
using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Benchmarks;

/// <summary>
/// Forward pass, data gradient and weight gradient of convolutions that networks are made of, by the algorithm that a plan chooses, as a
/// share of the peak. Operations are those of the definition: an algorithm that needs fewer can exceed the peak.
/// </summary>
internal static class ConvolutionBenchmark
{
    private const double SecondsPerPass = 1.2;
    private const int LeastRuns = 6;

    /// <summary>The shapes, the project's yardstick first.</summary>
    public static readonly IReadOnlyList<(string Name, int Batch, ConvolutionShape Shape)> Shapes =
    [
        ("3x3-64-28", 32, Same(28, 64, 64, 3)),
        ("3x3-128-28", 32, Same(28, 128, 128, 3)),
        ("3x3-256-14", 32, Same(14, 256, 256, 3)),
        ("3x3-512-7", 32, Same(7, 512, 512, 3)),
        ("3x3-64-56", 8, Same(56, 64, 64, 3)),
        ("3x3s2-128-28", 32, new(28, 28, 128, 14, 14, 256, 3, 3, 2, 2, 1, 1, 1, 1, 1)),
        ("1x1-256-56", 8, Same(56, 256, 64, 1)),
        ("1x1-1024-14", 32, Same(14, 1024, 256, 1)),
        ("7x7s2-3-224", 8, new(224, 224, 3, 112, 112, 64, 7, 7, 2, 2, 1, 1, 3, 3, 1)),
        ("3x3-1-28", 64, Same(28, 1, 32, 3)),
        ("3x3-32-28", 64, Same(28, 32, 32, 3)),
        ("5x5-6-14", 64, new(14, 14, 6, 10, 10, 16, 5, 5, 1, 1, 1, 1, 0, 0, 1)),
        ("dw3x3-128-28", 32, Same(28, 128, 128, 3) with { Groups = 128 }),
        ("dense-1024", 1024, ConvolutionShape.Dense(1024, 1024)),
        ("dense-4096", 64, ConvolutionShape.Dense(4096, 4096)),
        ("dense-4096-b1", 1, ConvolutionShape.Dense(4096, 4096)),
        ("3x3-128-28-b1", 1, Same(28, 128, 128, 3)),
        ("3x3-512-7-b1", 1, Same(7, 512, 512, 3)),
    ];

    /// <summary>Runs the shapes whose name contains the argument, with -t threads and -b images; with --direct, without Winograd.</summary>
    public static int Run(string[] arguments)
    {
        int threads = Environment.ProcessorCount;
        int batches = 0;
        bool direct = false;
        string filter = string.Empty;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "-t" && i + 1 < arguments.Length)
            {
                threads = int.Parse(arguments[++i], CultureInfo.InvariantCulture);
            }
            else if (arguments[i] == "-b" && i + 1 < arguments.Length)
            {
                batches = int.Parse(arguments[++i], CultureInfo.InvariantCulture);
            }
            else if (arguments[i] == "--direct")
            {
                direct = true;
            }
            else
            {
                filter = arguments[i];
            }
        }

        using WorkerGang gang = WorkerPool.Shared.Lease(threads);
        Console.WriteLine($"tier {SimdTier.Name}, {gang.Size} threads; GFLOP/s and share of the peak");
        Console.WriteLine($"{"shape",-16}{"batch",6}{"peak",8}{"forward",16}{"data gradient",20}{"weight gradient",20}  forward by");
        foreach ((string name, int batch, ConvolutionShape shape) in Shapes)
        {
            if (name.Contains(filter, StringComparison.Ordinal))
            {
                using ConvolutionWorkload workload = new(gang, shape, batches > 0 ? batches : batch, !direct);
                Print(gang, name, workload);
            }
        }

        return 0;
    }

    private static void Print(WorkerGang gang, string name, ConvolutionWorkload workload)
    {
        ConvolutionTiming timing = ConvolutionTiming.Measure(
            gang,
            workload.FloatingPointOperations,
            [workload.Forward, workload.BackwardData, workload.BackwardWeights],
            SecondsPerPass,
            LeastRuns);
        string Column(int pass) => $"{timing.Passes[pass].Gigaflops,10:F1} ({timing.Passes[pass].Share:P0})";
        Console.WriteLine(
            $"{name,-16}{workload.Batch,6}{timing.Peak,8:F0}{Column(0),18}{Column(1),20}{Column(2),20}  {workload.Algorithm}");
    }

    private static ConvolutionShape Same(int size, int inputs, int outputs, int kernel) =>
        new(size, size, inputs, size, size, outputs, kernel, kernel, 1, 1, 1, 1, kernel / 2, kernel / 2, 1);
}
