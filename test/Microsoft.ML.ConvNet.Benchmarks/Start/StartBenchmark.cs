using System.Globalization;
using System.IO.Compression;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Benchmarks.Start;

/// <summary>
/// From the start of a process to its first prediction, the model loaded from its file, for a program that is published as IL, as compiled
/// code (ReadyToRun) and as native code; the program is test/Microsoft.ML.ConvNet.Core.Published.
/// </summary>
internal static class StartBenchmark
{
    private const string NativeSet = "-p:IlcInstructionSet=";

    private static readonly (string Name, string[] Options)[] Forms =
    [
        ("IL only", []),
        ("ReadyToRun", ["-p:PublishedAs=compiled", "--use-current-runtime"]),
        ("native (AOT)", ["-p:PublishedAs=native", "--use-current-runtime"]),
    ];

    /// <summary>Publishes, runs in turn and prints a table in Markdown; 1 where forms differ in their scores.</summary>
    public static int Run(string[] arguments)
    {
        int runs = arguments is ["--runs", string text] ? int.Parse(text, CultureInfo.InvariantCulture) : 11;
        string folder = Directory.CreateTempSubdirectory("convnet-start").FullName;
        try
        {
            List<(string Form, PublishedProgram Program)> programs = [];
            foreach ((string name, string[] options) in Forms)
            {
                string[] set = name.StartsWith("native", StringComparison.Ordinal) && NativeLevel() is { } level ? [NativeSet + level] : [];
                if (PublishedProgram.Publish(Path.Combine(folder, name), [.. options, .. set]) is { } program)
                {
                    programs.Add((name, program));
                }
                else
                {
                    Console.Error.WriteLine($"{name}: cannot be published here, see above.");
                }
            }

            Console.WriteLine("| network | published as | methods the JIT compiled | its time, ms | start to first prediction, ms |");
            Console.WriteLine("|---|---|---|---|---|");
            bool same = true;
            foreach (string network in new[] { "lenet5", "squeezenet", "resnet18" })
            {
                same &= Print(network, programs, Write(network, folder), runs);
            }

            return same ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Print(string network, List<(string Form, PublishedProgram Program)> programs, string path, int runs)
    {
        List<FirstPrediction>[] results = [.. programs.Select(_ => new List<FirstPrediction>())];

        // The first round brings files into memory; it does not count.
        for (int run = 0; run <= runs; run++)
        {
            for (int i = 0; i < results.Length; i++)
            {
                FirstPrediction result = programs[i].Program.Predict(path);
                if (run > 0)
                {
                    results[i].Add(result);
                }
            }
        }

        for (int i = 0; i < results.Length; i++)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"| {network} | {programs[i].Form} | {Median(results[i], result => result.Methods):F0} | ")
                + FormattableString.Invariant(
                    $"{Median(results[i], result => result.JitMilliseconds):F0} | {Median(results[i], result => result.Milliseconds):F0} |"));
        }

        string[] hashes = [.. results.SelectMany(list => list).Select(result => result.Hash).Distinct()];
        if (hashes.Length > 1)
        {
            Console.Error.WriteLine($"{network}: the forms have different scores.");
        }

        return hashes.Length <= 1;
    }

    private static double Median(List<FirstPrediction> results, Func<FirstPrediction, double> value) =>
        results.Select(value).Order().ElementAt(results.Count / 2);

    // Native code has the tier that it is compiled for: the one that the JIT chooses on this machine.
    private static string? NativeLevel() => !X86Base.X64.IsSupported ? null
        : Vector512.IsHardwareAccelerated ? "x86-64-v4"
        : Vector256.IsHardwareAccelerated ? "x86-64-v3" : null;

    /// <summary>Writes a model file with random weights.</summary>
    private static string Write(string name, string folder)
    {
        Shape input = name == "lenet5" ? new Shape(28, 28, 1) : new Shape(224, 224, 3);
        Network network = Architecture.Get(name).Create(input);
        using Weights weights = Weights.Initialize(network, seed: 1);
        string path = Path.Combine(folder, name + ".zip");
        byte[] settings = Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $$"""
            {"format": "Microsoft.ML.ConvNet.Transformer", "version": 3, "classCount": {{network.OutputShape.ElementCount}},
            "pixelOffsets": [128], "pixelScales": [0.0078125]}
            """));
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        NetworkFile.Write(network, weights, settings, (part, write) =>
        {
            using Stream stream = archive.CreateEntry(part, CompressionLevel.NoCompression).Open();
            write(stream);
        });
        return path;
    }
}
