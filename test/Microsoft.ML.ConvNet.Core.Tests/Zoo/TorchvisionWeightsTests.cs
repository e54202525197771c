using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;
using Architecture = Microsoft.ML.ConvNet.Zoo.Architecture;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

/// <summary>
/// Weights in PyTorch's names, axes and order, in networks of the Zoo: the scores are the softmax of what PyTorch computes from the same
/// weights and image.
/// </summary>
[TestClass]
public class TorchvisionWeightsTests
{
    private const int Classes = 10;
    private const int Size = 224;
    private const int Channels = 3;

    [TestMethod]
    [DataRow("alexnet")]
    [DataRow("vgg11")]
    [DataRow("resnet18")]
    [DataRow("resnet50")]
    [DataRow("squeezenet1.0")]
    [DataRow("squeezenet")]
    [DataRow("densenet121")]
    [DataRow("googlenet")]
    [DataRow("inception-v3")]
    [DataRow("mobilenet-v2")]
    [DataRow("resnext50-32x4d")]
    [DataRow("wide-resnet50-2")]
    [DataRow("shufflenet-v2")]
    public void A_network_computes_what_PyTorch_does_from_its_weights(string name)
    {
        double[] logits = TorchvisionScores.Logits[name];
        float scale = ScaleOf(logits);
        double[] expected = Softmax([.. logits.Select(logit => logit * scale)]);
        Network network = Architecture.Get(name).Create([Size, Size, Channels], Classes);
        using ScratchFolder folder = new();
        WritePyTorchsFile(network, folder["weights.safetensors"], scale);
        using FileStream file = File.OpenRead(folder["weights.safetensors"]);
        using Weights weights = PyTorchWeights.Read(file, network);
        float[] scores = EngineRun.Predict(network, weights, Image(), 1, threads: 2);
        Closeness.AssertClose(expected, scores, 1e-4, name);
    }

    /// <summary>
    /// By what the last layer is multiplied, and the logits with it, so that they differ by about 1: the softmax of logits that are far
    /// apart is 1 for one class and 0 for the others, whatever the network computes. A power of 2, which changes no digit.
    /// </summary>
    private static float ScaleOf(double[] logits)
    {
        double mean = logits.Average();
        double deviation = Math.Sqrt(logits.Average(logit => (logit - mean) * (logit - mean)));
        return (float)Math.ScaleB(1, -Math.ILogB(deviation));
    }

    private static double[] Softmax(double[] logits)
    {
        double[] exponentials = [.. logits.Select(logit => Math.Exp(logit - logits.Max()))];
        return [.. exponentials.Select(exponential => exponential / exponentials.Sum())];
    }

    /// <summary>Writes hashed weights as PyTorch does, a counter of batches among them.</summary>
    private static void WritePyTorchsFile(Network network, string path, float scaleOfLastLayer)
    {
        int last = network.Parameters[^1].Node;
        List<KeyValuePair<string, Tensor>> tensors = [KeyValuePair.Create("bn1.num_batches_tracked", new Tensor([1]))];
        try
        {
            foreach (NetworkParameter parameter in network.Parameters)
            {
                Shape shape = PyTorchAxes.Of(network, parameter).Shape;
                Tensor tensor = new(shape);
                tensors.Add(KeyValuePair.Create(parameter.Name, tensor));
                HashedNumbers.FillParameter(parameter.Name, [.. shape], tensor.Span);
                if (parameter.Node == last)
                {
                    foreach (ref float number in tensor.Span)
                    {
                        number *= scaleOfLastLayer;
                    }
                }
            }

            using FileStream file = File.Create(path);
            SafeTensors.WriteTensors(tensors, file);
        }
        finally
        {
            tensors.ForEach(pair => pair.Value.Dispose());
        }
    }

    /// <summary>The hashed image, [H, W, C].</summary>
    private static float[] Image()
    {
        float[] planes = new float[Channels * Size * Size];
        HashedNumbers.FillImage(planes);
        float[] pixels = new float[planes.Length];
        for (int i = 0; i < planes.Length; i++)
        {
            pixels[(i % (Size * Size) * Channels) + (i / (Size * Size))] = planes[i];
        }

        return pixels;
    }
}
