using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Architecture = Microsoft.ML.ConvNet.Zoo.Architecture;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

/// <summary>
/// Weights that PyTorch wrote, in networks of the Zoo: the scores are the softmax of what PyTorch computes from the same weights and image
/// (build/peers/torchvision_weights.py). Inconclusive where there is no PyTorch with torchvision.
/// </summary>
[TestClass]
public class TorchvisionWeightsTests
{
    private const int Classes = 10;
    private const int Size = 224;

    private static readonly string? Python = Array.Find(
        ["/usr/bin/python3", "python3"], python => Run(python, "-c", "import torch, torchvision")?.ExitCode == 0);

    [TestMethod]
    [DataRow("alexnet", "alexnet")]
    [DataRow("vgg11", "vgg11")]
    [DataRow("resnet18", "resnet18")]
    [DataRow("resnet50", "resnet50")]
    [DataRow("squeezenet1.0", "squeezenet1_0")]
    [DataRow("squeezenet", "squeezenet1_1")]
    [DataRow("densenet121", "densenet121")]
    [DataRow("googlenet", "googlenet")]
    [DataRow("inception-v3", "inception_v3")]
    [DataRow("mobilenet-v2", "mobilenet_v2")]
    [DataRow("resnext50-32x4d", "resnext50_32x4d")]
    [DataRow("wide-resnet50-2", "wide_resnet50_2")]
    [DataRow("shufflenet-v2", "shufflenet_v2_x1_0")]
    public void A_network_computes_what_PyTorch_does_from_its_weights(string name, string torchvision)
    {
        if (Python == null)
        {
            Assert.Inconclusive("There is no python3 that imports torch and torchvision.");
        }

        using ScratchFolder folder = new();
        (int exitCode, string error) = Run(
            Python, Script(), torchvision, folder.Path, $"{Classes}", $"{Size}", $"{Size}")!.Value;
        Assert.AreEqual(0, exitCode, error);
        Network network = Architecture.Get(name).Create([Size, Size, 3], Classes);
        using FileStream file = File.OpenRead(folder["weights.safetensors"]);
        using Weights weights = PyTorchWeights.Read(file, network, allowOthers: torchvision is "googlenet" or "inception_v3");
        float[] scores = EngineRun.Predict(network, weights, Read(folder["input.bin"]), 1, threads: 2);
        double[] logits = [.. Read(folder["output.bin"]).Select(value => (double)value)];
        double sum = logits.Sum(logit => Math.Exp(logit - logits.Max()));
        double[] expected = [.. logits.Select(logit => Math.Exp(logit - logits.Max()) / sum)];
        Closeness.AssertClose(expected, scores, 1e-3, name);
        Assert.AreEqual(Array.IndexOf(expected, expected.Max()), Array.IndexOf(scores, scores.Max()));
    }

    private static float[] Read(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();

    private static string Script([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "build", "peers", "torchvision_weights.py"));

    private static (int ExitCode, string Error)? Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
