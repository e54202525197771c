using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>
/// The engine beside LibTorch and ONNX Runtime: the same weights and the same input go to all, their results are compared, and only
/// where they agree is a work timed, all sides in turn.
/// </summary>
internal static class ComparisonCommand
{
    private const int Success = 0;
    private const int Failed = 1;
    private const int BadUsage = 2;

    /// <summary>Runs the works that the arguments name, or all.</summary>
    /// <exception cref="PeerException">LibTorch does not load.</exception>
    public static int Run(string[] arguments)
    {
        List<string> only = [];
        string? json = null;
        bool checkOnly = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--check")
            {
                checkOnly = true;
            }
            else if (arguments[i] == "--only" && i + 1 < arguments.Length)
            {
                only.Add(arguments[++i]);
            }
            else if (arguments[i] == "--json" && i + 1 < arguments.Length)
            {
                json = arguments[++i];
            }
            else
            {
                return Refuse("The arguments are --only NAME, as often as wanted, --json FILE and --check. "
                    + $"Received: {string.Join(' ', arguments)}.");
            }
        }

        string? unknown = only.Find(name => !Works.All.Any(work => IsNamed(work, name)));
        if (unknown != null)
        {
            string names = string.Join(", ", Works.All.Select(work => work.Name));
            return Refuse($"--only takes the name of a work or the beginning of one: {names}. Received: {unknown}.");
        }

        LibTorchLibrary.Load(Work.Threads);
        return Run([.. Works.All.Where(work => only.Count == 0 || only.Exists(name => IsNamed(work, name)))], json, checkOnly);
    }

    private static int Run(Work[] works, string? json, bool checkOnly)
    {
        Console.WriteLine(
            $"Medians of runs taken in turn, {Work.Threads} threads, float32. LibTorch {LibTorchLibrary.Version} in the faster of its forms, "
            + $"ONNX Runtime {LibTorchLibrary.VersionOf(typeof(InferenceSession))}.\n");
        Console.WriteLine(Table.Head);
        List<Row> rows = [];
        foreach (Work work in works)
        {
            rows.Add(Measure(work, checkOnly));
            Console.WriteLine(Table.Line(rows[^1]));
            if (json != null)
            {
                File.WriteAllText(json, Table.Json(rows));
            }
        }

        Console.WriteLine();
        foreach (string line in Table.Summary(rows))
        {
            Console.WriteLine(line);
        }

        return rows.Exists(row => row.Failures.Count > 0) ? Failed : Success;
    }

    private static Row Measure(Work work, bool checkOnly)
    {
        Row row = new(work);
        List<Side> sides = [];
        try
        {
            using WorkInput input = new(work);
            sides.Add(input.CreateEngine());
            IReadOnlyList<(string Name, float[] Numbers)> ours = sides[0].Results();
            foreach (LibTorchForm form in LibTorchForm.All)
            {
                row = FormTrial.Survives(work, form)
                    ? Join(row, sides, input.CreateLibTorch(form), ours, input.Weights)
                    : row with { Absent = [.. row.Absent, $"{form.SideName} ends its process"] };
            }

            row = work.IsTraining ? row : Join(row, sides, input.CreateOnnxRuntime(), ours, input.Weights);
            if (sides.Count == 1)
            {
                return row with { Failures = ["no peer agrees"] };
            }

            if (checkOnly)
            {
                return row;
            }

            MachineLoad load = new();
            IReadOnlyList<Timing> timings = InterleavedTiming.Measure(sides);
            return row with { Ours = timings[0], Peers = [.. timings.Skip(1)], OtherLoad = load.OfOthers };
        }
        catch (Exception exception) when (exception is PeerException or ExternalException or OnnxRuntimeException)
        {
            return row with { Failures = [.. row.Failures, exception.Message] };
        }
        finally
        {
            sides.ForEach(side => side.Dispose());
        }
    }

    /// <summary>A peer takes part where its results are ours. A form of LibTorch may stay away; ONNX Runtime has to agree.</summary>
    private static Row Join(Row row, List<Side> sides, Side peer, IReadOnlyList<(string Name, float[] Numbers)> ours, Weights start)
    {
        Agreement agreement = Agreement.Between(ours, peer.Results(), start);
        if (agreement.Failure == null)
        {
            sides.Add(peer);
            return row with { MaximumError = Math.Max(row.MaximumError ?? 0, agreement.Largest.Error) };
        }

        string failure = $"{peer.Name}: {agreement.Failure}";
        bool isForm = peer is LibTorchInference or LibTorchTraining;
        peer.Dispose();
        return isForm ? row with { Absent = [.. row.Absent, failure] } : row with { Failures = [.. row.Failures, failure] };
    }

    private static bool IsNamed(Work work, string name) => work.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    private static int Refuse(string message)
    {
        Console.Error.WriteLine(message);
        return BadUsage;
    }
}
