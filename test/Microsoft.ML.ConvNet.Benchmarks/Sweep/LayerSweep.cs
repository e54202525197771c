using System.Globalization;
using System.Text.Json;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Benchmarks.Sweep;

/// <summary>
/// Forward pass and both gradients of every shape of convolution and dense layer of classical networks, as a share of the peak measured
/// between them; at the end what each network takes, and where most time is lost.
/// </summary>
internal static class LayerSweep
{
    private const double SecondsPerPass = 0.12;
    private const int LeastRuns = 3;
    private const int WarmUpRuns = 35;
    private const int DefaultBatch = 8;
    private const int ShownWeakest = 25;

    // Below this share of the peak a shape counts as weak.
    private const double GoodShare = 0.8;
    private static readonly string[] PassNames = ["forward", "data gradient", "weight gradient"];
    private static readonly JsonSerializerOptions JsonFormat = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>Runs the sweep.</summary>
    /// <param name="arguments">[--network NAME] [-b batch] [-t threads] [--direct] [--json FILE].</param>
    public static int Run(string[] arguments)
    {
        int threads = Environment.ProcessorCount;
        int batch = DefaultBatch;
        bool direct = false;
        string? network = null;
        string? json = null;
        for (int i = 0; i < arguments.Length; i++)
        {
            bool hasValue = i + 1 < arguments.Length;
            switch (arguments[i])
            {
                case "--direct":
                    direct = true;
                    break;
                case "--network" when hasValue:
                    network = arguments[++i];
                    break;
                case "--json" when hasValue:
                    json = arguments[++i];
                    break;
                case "-b" when hasValue && int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out batch) && batch > 0:
                case "-t" when hasValue && int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out threads) && threads > 0:
                    i++;
                    break;
                default:
                    Console.Error.WriteLine($"sweep [--network NAME] [-b batch] [-t threads] [--direct] [--json FILE]. Received: {arguments[i]}");
                    return 2;
            }
        }

        NetworkLayers[] networks = [.. ClassicalNetworks.All.Where(known => network == null || known.Name == network)];
        if (networks.Length == 0)
        {
            Console.Error.WriteLine($"--network is one of {string.Join(", ", ClassicalNetworks.All.Select(known => known.Name))}. Received: {network}");
            return 2;
        }

        using WorkerGang gang = WorkerPool.Shared.Lease(threads);
        Console.WriteLine(
            $"tier {SimdTier.Name}, {gang.Size} threads, batch {batch}; effective GFLOP/s: operations of the definition in the time "
            + "taken, with the share of the peak, which an algorithm that needs fewer operations can exceed");
        List<SweepRow> rows = [];
        WarmUp(gang, networks, batch, !direct);
        foreach (NetworkLayers layers in networks)
        {
            Measure(gang, layers, batch, !direct, rows);
        }

        PrintNetworks(networks, rows, batch);
        PrintWeakest(rows);
        if (json != null)
        {
            File.WriteAllText(json, JsonSerializer.Serialize(rows, JsonFormat) + "\n");
        }

        return 0;
    }

    /// <summary>Lets the kernels run until they are compiled for speed, so that the first shapes do not pay for it.</summary>
    private static void WarmUp(WorkerGang gang, NetworkLayers[] networks, int batch, bool allowsWinograd)
    {
        // The smallest shape for each algorithm and size of window.
        IEnumerable<LayerShape> shapes = networks
            .SelectMany(network => network.Layers)
            .GroupBy(layer => (layer.Shape.KernelHeight, layer.Shape.StrideHeight, layer.Shape.Groups > 1, layer.Shape.IsDepthwise))
            .Select(group => group.MinBy(layer => layer.MultiplyAdds / layer.Count)!);
        foreach (LayerShape layer in shapes)
        {
            using ConvolutionWorkload workload = new(gang, layer.Shape, batch, allowsWinograd);
            _ = ConvolutionTiming.Measure(
                gang,
                workload.FloatingPointOperations,
                [workload.Forward, workload.BackwardData, workload.BackwardWeights],
                SecondsPerPass,
                WarmUpRuns);
        }
    }

    private static void Measure(WorkerGang gang, NetworkLayers network, int batch, bool allowsWinograd, List<SweepRow> rows)
    {
        Console.WriteLine(
            $"\n{network.Name}\n{"layer",-18}{"shape",-40}{"count",5}{"peak",7}{"forward",17}{"data gradient",17}{"weight gradient",17}  algorithm");
        foreach (LayerShape layer in network.Layers)
        {
            using ConvolutionWorkload workload = new(gang, layer.Shape, batch, allowsWinograd);
            Action[] passes = layer.ReadsImages
                ? [workload.Forward, workload.BackwardWeights]
                : [workload.Forward, workload.BackwardData, workload.BackwardWeights];
            ConvolutionTiming timing = ConvolutionTiming.Measure(gang, workload.FloatingPointOperations, passes, SecondsPerPass, LeastRuns);
            string[] columns = ["-", "-", "-"];
            for (int i = 0; i < passes.Length; i++)
            {
                int pass = layer.ReadsImages && i > 0 ? 2 : i;
                PassTiming measured = timing.Passes[i];
                string algorithm = pass switch { 0 => workload.Algorithm, 1 => workload.DataGradientAlgorithm, _ => workload.WeightGradientAlgorithm };
                columns[pass] = string.Create(CultureInfo.InvariantCulture, $"{measured.Gigaflops:F1} ({100 * measured.Share:F0}%)");
                rows.Add(new SweepRow(
                    network.Name,
                    layer.Name,
                    layer.Description,
                    layer.Count,
                    batch,
                    PassNames[pass],
                    workload.FloatingPointOperations / workload.Bytes,
                    algorithm,
                    measured.Seconds * 1e3,
                    measured.Gigaflops,
                    measured.Peak,
                    measured.Share));
            }

            Console.WriteLine(
                $"{layer.Name,-18}{layer.Description,-40}{layer.Count,5}{timing.Peak,7:F0}{columns[0],17}{columns[1],17}{columns[2],17}"
                + $"  {workload.Algorithm}");
        }
    }

    private static void PrintNetworks(NetworkLayers[] networks, List<SweepRow> rows, int batch)
    {
        Console.WriteLine(
            $"\nAll convolutions and dense layers, batch {batch}\n"
            + $"{"network",-14}{"shapes",7}{"layers",7}{"Mmacs/image",13}{"forward",22}{"data gradient",22}{"weight gradient",22}");
        foreach (NetworkLayers network in networks)
        {
            string Column(string pass)
            {
                SweepRow[] own = [.. rows.Where(row => row.Network == network.Name && row.Pass == pass)];
                double milliseconds = own.Sum(row => row.TotalMilliseconds);
                double atPeak = own.Sum(row => row.TotalMilliseconds * row.Share);
                return string.Create(CultureInfo.InvariantCulture, $"{milliseconds:F1} ms ({100 * atPeak / milliseconds:F0}%)");
            }

            Console.WriteLine(
                $"{network.Name,-14}{network.Layers.Count,7}{network.Layers.Sum(layer => layer.Count),7}{network.MultiplyAdds / 1e6,13:F0}"
                + $"{Column(PassNames[0]),22}{Column(PassNames[1]),22}{Column(PassNames[2]),22}");
        }
    }

    private static void PrintWeakest(List<SweepRow> rows)
    {
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"\nThe weakest: where most of a network's time would be saved at {100 * GoodShare:F0}% of the peak\n")
            + $"{"network",-14}{"layer",-18}{"shape",-40}{"pass",-17}{"count",5}{"op/byte",9}{"GFLOP/s",9}{"share",7}{"time",11}{"of the network",16}");
        Dictionary<(string, string), double> totals = rows
            .GroupBy(row => (row.Network, row.Pass))
            .ToDictionary(group => group.Key, group => group.Sum(row => row.TotalMilliseconds));
        double Saved(SweepRow row) => row.Excess(GoodShare) / totals[(row.Network, row.Pass)];
        foreach (SweepRow row in rows.Where(row => row.Excess(GoodShare) > 0).OrderByDescending(Saved).Take(ShownWeakest))
        {
            double ofNetwork = row.TotalMilliseconds / totals[(row.Network, row.Pass)];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Network,-14}{row.Layer,-18}{row.Shape,-40}{row.Pass,-17}{row.Count,5}{row.OperationsPerByte,9:F1}{row.Gigaflops,9:F1}{100 * row.Share,6:F0}%")
                + string.Create(CultureInfo.InvariantCulture, $"{row.TotalMilliseconds,8:F2} ms{100 * ofNetwork,15:F0}%"));
        }
    }
}
