using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>
/// The engine beside PyTorch and ONNX Runtime: the same weights and the same input go to both, their results are compared, and only
/// where they agree is a work timed, both sides in turn.
/// </summary>
internal static class PeersCommand
{
    private const int Success = 0;
    private const int Failed = 1;
    private const int BadUsage = 2;

    /// <summary>Runs the works that the arguments name, or all.</summary>
    public static int Run(string[] arguments)
    {
        List<string> only = [];
        string? json = null;
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (arguments[i] is not ("--only" or "--json") || i + 1 == arguments.Length)
            {
                return Refuse($"peers takes --only NAME, as often as wanted, and --json FILE. Received: {string.Join(' ', arguments)}.");
            }

            if (arguments[i] == "--only")
            {
                only.Add(arguments[i + 1]);
            }
            else
            {
                json = arguments[i + 1];
            }
        }

        string? unknown = only.Find(name => !PeerWorks.All.Any(work => IsNamed(work, name)));
        if (unknown != null)
        {
            string names = string.Join(", ", PeerWorks.All.Select(work => work.Name));
            return Refuse($"--only takes the name of a work or the beginning of one: {names}. Received: {unknown}.");
        }

        PeerWork[] works = [.. PeerWorks.All.Where(work => only.Count == 0 || only.Exists(name => IsNamed(work, name)))];
        try
        {
            return Run(works, json);
        }
        catch (PeerException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return Failed;
        }
    }

    private static int Run(PeerWork[] works, string? json)
    {
        PeerPrograms programs = PeerPrograms.Find(works);
        if (programs.Warning is { } warning)
        {
            Console.Error.WriteLine(warning);
        }

        Console.WriteLine($"medians of runs taken in turn, {PeerWork.Threads} threads, float32; ratio = the peer's time / ours");
        Console.WriteLine(PeerTable.Head);
        List<PeerRow> rows = [];
        foreach (PeerWork work in works)
        {
            rows.Add(Measure(work, programs));
            Console.WriteLine(PeerTable.Line(rows[^1]));
            if (json != null)
            {
                File.WriteAllText(json, PeerTable.Json(rows));
            }
        }

        return rows.Exists(row => row.Failure != null) ? Failed : Success;
    }

    private static PeerRow Measure(PeerWork work, PeerPrograms programs)
    {
        PeerRow row = new(work);
        try
        {
            Network network = work.CreateNetwork();
            float[] images = StartingNumbers.Images(network, work.Batch);
            using Weights weights = StartingNumbers.Weights(network, images);
            int[] labels = StartingNumbers.Labels(network, work.Batch);
            using WorkFolder folder = new(work, network, weights, images, labels);
            (PeerProcess peer, string form) = programs.Start(work, folder);
            using (peer)
            {
                peer.Ask("check");
                using EngineWork engine = EngineWork.Create(work, network, weights, images, labels);
                Disagreement disagreement = engine.Compare(folder);
                row = row with { MaximumError = disagreement.Error, Form = form };
                return disagreement.IsTolerable
                    ? row with { Times = InterleavedTiming.Measure(peer, engine) }
                    : row with { Failure = $"the results differ in {disagreement.Where}, by more than {Disagreement.Tolerance}" };
            }
        }
        catch (Exception exception) when (exception is PeerException or IOException or InsufficientMemoryException)
        {
            return row with { Failure = exception.Message };
        }
    }

    private static bool IsNamed(PeerWork work, string name) => work.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    private static int Refuse(string message)
    {
        Console.Error.WriteLine(message);
        return BadUsage;
    }
}
