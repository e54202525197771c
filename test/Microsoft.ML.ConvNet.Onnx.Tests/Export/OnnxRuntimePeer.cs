using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Export;

/// <summary>
/// ONNX Runtime, from npm's onnxruntime-node under artifacts/peers, in a process of its own. A test that needs it is inconclusive where it
/// is absent; build/test.sh installs it where npm is there.
/// </summary>
internal sealed class OnnxRuntimePeer : IDisposable
{
    private const int MinutesForAll = 10;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convnet-onnx-");
    private readonly List<Item> _items = [];
    private readonly Dictionary<string, OnnxTensor> _expected = [];

    /// <summary>Exports a network with random weights and computes what its model has to give for random input.</summary>
    /// <returns>That.</returns>
    public OnnxTensor Add(string name, Network network, int batch)
    {
        string model = Path.Combine(_folder.FullName, $"{_items.Count}.onnx");
        using Weights weights = ExportedNetworks.RandomWeights(network);
        OnnxExport.Save(network, weights, model);
        OnnxModel exported = OnnxModel.Load(model);
        int samples = exported.Inputs[0].Dimensions![0] ?? batch;
        float[] input = ExportedNetworks.RandomNumbers(samples * network.InputShape.ElementCount, 11);
        OnnxTensor given = ExportedNetworks.ToOnnx(exported.Inputs[0], network.InputShape, input, samples);
        Item item = new(name, model, $"{model}.input", [.. given.Dimensions], $"{model}.output");
        File.WriteAllBytes(item.Input, MemoryMarshal.AsBytes(given.ToArray().AsSpan()));
        _items.Add(item);
        return _expected[name] = ExportedNetworks.Score(network, weights, input, samples, exported.Outputs[0]);
    }

    /// <summary>Runs all models and compares.</summary>
    /// <returns>What is wrong; nothing where everything agrees.</returns>
    public IReadOnlyList<string> Failures(double relativeTolerance, double absoluteTolerance)
    {
        Dictionary<string, string[]> answers = Run().ToDictionary(line => line[1]);
        List<string> failures = [];
        foreach (Item item in _items)
        {
            if (!answers.TryGetValue(item.Name, out string[]? answer) || answer[0] != "ok")
            {
                failures.Add($"{item.Name}: {(answer is null ? "no answer" : answer[2])}");
                continue;
            }

            int[] dimensions = [.. answer[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            float[] values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(item.Output)).ToArray();
            OnnxComparison comparison = OnnxComparison.Of(new OnnxTensor(dimensions, values), _expected[item.Name], relativeTolerance,
                absoluteTolerance);
            if (!comparison.IsWithinTolerance)
            {
                failures.Add($"{item.Name}: {comparison}");
            }
        }

        return failures;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private List<string[]> Run()
    {
        string modules = Path.Combine(Root(), "artifacts", "peers", "node_modules");
        if (!Directory.Exists(Path.Combine(modules, "onnxruntime-node")))
        {
            Assert.Inconclusive($"There is no onnxruntime-node in \"{modules}\"; build/test.sh installs it where npm is there.");
        }

        string list = Path.Combine(_folder.FullName, "work.json");
        File.WriteAllText(list, JsonSerializer.Serialize(_items, Json));
        ProcessStartInfo start = new("node", [Path.Combine(Root(), "build", "peers", "ort_check.js"), list])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = modules;
        using Process process = Started(start);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(MinutesForAll)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"ONNX Runtime took more than {MinutesForAll} minutes.");
        }

        Assert.AreEqual(0, process.ExitCode, errors.Result);
        return [.. output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
    }

    private static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive("There is no node on the PATH.");
            throw;
        }
    }

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    private sealed record Item(string Name, string Model, string Input, int[] Dimensions, string Output);
}
