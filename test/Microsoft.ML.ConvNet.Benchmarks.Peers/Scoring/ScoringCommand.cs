using System.Diagnostics;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Zoo;
using Microsoft.ML.Data;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Scoring;

/// <summary>
/// What a user of ML.NET sees of scoring: rows through a cursor of the scores, Evaluate and a PredictionEngine, beside the core alone and beside ML.NET's
/// own OnnxTransformer with the same network, exported, on the same rows.
/// </summary>
internal static class ScoringCommand
{
    private const int Rows = 8000;
    private const int CoreBatch = 256;
    private const int Rounds = 41;
    private const int EnginePredictions = 2000;

    /// <summary>Measures in turn and prints a table in Markdown.</summary>
    public static int Run(string[] arguments)
    {
        string folder = Environment.GetEnvironmentVariable("CONVNET_TESTDATA") is { } data
            ? Path.Combine(data, "mnist")
            : throw new PeerException("The environment variable CONVNET_TESTDATA names the folder of the data, in which mnist is. Received: none.");
        MLContext context = new(seed: 1);
        Digits digits = Digits.Read(context, folder, Rows);
        Console.WriteLine("| network | of | images/s or microseconds | ratio |");
        Console.WriteLine("|---|---|---|---|");
        foreach (string name in arguments.Length > 0 ? arguments : ["lenet5", "mnist-convnet"])
        {
            Measure(context, digits, name);
        }

        return 0;
    }

    private static void Measure(MLContext context, Digits digits, string name)
    {
        Network network = Architecture.Get(name).Create(new Tensors.Shape(28, 28, 1), 10);
        using Weights weights = Weights.Initialize(network, seed: 1);
        using TemporaryModel file = new();
        OnnxExport.Save(network, weights, file.Path, new OnnxExportOptions { InputOffsets = [Digits.Offset], InputScales = [Digits.Scale] });
        IDataView rows = context.Data.LoadFromEnumerable(digits.Rows);
        using ConvNetTransformer model = Digits.Estimator(context, network, weights).Fit(rows);
        using Peer onnx = new(OnnxPeer.Fit(context, file.Path, network.Nodes[^1].Name, rows));
        using InferenceModel core = new(network, weights);
        IDataView scored = model.Transform(rows);
        IDataView peer = onnx.Transformer.Transform(rows);
        RequireSameScores(scored, peer);
        IDataView ready = context.Data.LoadFromEnumerable(context.Data.CreateEnumerable<ReadyDigit>(scored, reuseRowObject: false).ToArray());

        float[] outputs = new float[CoreBatch * 10];
        Dictionary<string, Func<double>> works = new(StringComparer.Ordinal)
        {
            ["core"] = () => Seconds(() => RunCore(core, digits.Normalized, outputs)),
            ["input"] = () => Seconds(() => Read<float>(rows, nameof(DigitRow.Pixels))),
            ["transform"] = () => Seconds(() => Read<float>(scored, "Score")),
            ["evaluate"] = () => Seconds(() => context.MulticlassClassification.Evaluate(scored)),
            ["ready"] = () => Seconds(() => context.MulticlassClassification.Evaluate(ready)),
            ["onnx"] = () => Seconds(() => Read<float>(peer, OnnxPeer.Output)),
        };
        Dictionary<string, double> times = Medians(works);
        double scoring = times["transform"] - times["input"];
        Print(name, "the core in batches of 256", times["core"], 1);
        Print(name, "a cursor of the pixels alone", times["input"], null);
        Print(name, "a cursor of the scores", times["transform"], null);
        Print(name, "the same without what the pixels take; goal at least 0.90 of the core", scoring, times["core"] / scoring);
        Print(name, "Evaluate", times["evaluate"], null);
        Print(name, "Evaluate on ready-made scores", times["ready"], null);
        Print(
            name, "Evaluate as a share of scores and ready-made Evaluate; goal at most 1", times["evaluate"], times["evaluate"] / (times["transform"] + times["ready"]));
        Print(name, "OnnxTransformer, a cursor of its output; goal at least 3 times as fast", times["onnx"], times["onnx"] / times["transform"]);
        MeasureSingle(context, digits, model, onnx.Transformer, core, name);
    }

    private static void MeasureSingle(
        MLContext context, Digits digits, ConvNetTransformer model, ITransformer onnx, InferenceModel core, string name)
    {
        using PredictionEngine<DigitRow, ScoredDigit> engine = context.Model.CreatePredictionEngine<DigitRow, ScoredDigit>(model);
        using PredictionEngine<DigitRow, OnnxPeer.Scored> peer = context.Model.CreatePredictionEngine<DigitRow, OnnxPeer.Scored>(onnx);
        ScoredDigit result = new();
        OnnxPeer.Scored other = new();
        float[] outputs = new float[10];
        int at = 0;
        DigitRow Next() => digits.Rows[at = (at + 1) % digits.Rows.Length];
        Dictionary<string, Func<double>> works = new(StringComparer.Ordinal)
        {
            ["core"] = () => Seconds(() =>
            {
                for (int i = 0; i < EnginePredictions; i++)
                {
                    core.Predict(digits.Normalized.AsSpan(i % digits.Rows.Length * 784, 784), 1, outputs);
                }
            }),
            ["engine"] = () => Seconds(() =>
            {
                for (int i = 0; i < EnginePredictions; i++)
                {
                    engine.Predict(Next(), ref result);
                }
            }),
            ["onnx"] = () => Seconds(() =>
            {
                for (int i = 0; i < EnginePredictions; i++)
                {
                    peer.Predict(Next(), ref other);
                }
            }),
        };
        Dictionary<string, double> times = Medians(works);
        PrintSingle(name, "one prediction of the core", times["core"], 1);
        PrintSingle(name, "PredictionEngine; goal at most 1.15 times the core", times["engine"], times["engine"] / times["core"]);
        PrintSingle(name, "PredictionEngine on OnnxTransformer, as a multiple of ours", times["onnx"], times["onnx"] / times["engine"]);
    }

    // What else the machine does strikes all.
    private static Dictionary<string, double> Medians(Dictionary<string, Func<double>> works)
    {
        Dictionary<string, List<double>> times = works.Keys.ToDictionary(name => name, _ => new List<double>(), StringComparer.Ordinal);
        for (int round = -2; round < Rounds; round++)
        {
            foreach ((string name, Func<double> work) in works)
            {
                double seconds = work();
                if (round >= 0)
                {
                    times[name].Add(seconds);
                }
            }
        }

        return times.ToDictionary(pair => pair.Key, pair => pair.Value.Order().ElementAt(pair.Value.Count / 2), StringComparer.Ordinal);
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void RunCore(InferenceModel core, float[] inputs, float[] outputs)
    {
        for (int first = 0; first < Rows; first += CoreBatch)
        {
            int count = Math.Min(CoreBatch, Rows - first);
            core.Predict(inputs.AsSpan(first * 784, count * 784), count, outputs.AsSpan(0, count * 10));
        }
    }

    private static void Read<T>(IDataView data, string column)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema[column]]);
        ValueGetter<VBuffer<T>> getter = cursor.GetGetter<VBuffer<T>>(data.Schema[column]);
        VBuffer<T> value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
        }
    }

    private static void RequireSameScores(IDataView ours, IDataView peer)
    {
        float[][] scores = [.. ours.GetColumn<float[]>("Score").Take(100)];
        float[][] others = [.. peer.GetColumn<float[]>(OnnxPeer.Output).Take(100)];
        float greatest = scores.Zip(others, (one, other) => one.Zip(other, (x, y) => Math.Abs(x - y)).Max()).Max();
        if (!(greatest < 1e-4f))
        {
            throw new PeerException(Invariant($"OnnxTransformer gives the same scores. Received: a difference of {greatest}."));
        }
    }

    private static void Print(string name, string what, double seconds, double? ratio) =>
        Console.WriteLine(Invariant($"| {name} | {what} | {Rows / seconds:N0} | {ratio:F2} |"));

    private static void PrintSingle(string name, string what, double seconds, double ratio) =>
        Console.WriteLine(Invariant($"| {name} | {what} | {1e6 * seconds / EnginePredictions:F2} µs | {ratio:F2} |"));

    private sealed record Peer(ITransformer Transformer) : IDisposable
    {
        public void Dispose() => (Transformer as IDisposable)?.Dispose();
    }

    private sealed class TemporaryModel : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName() + ".onnx");

        public void Dispose() => File.Delete(Path);
    }
}
