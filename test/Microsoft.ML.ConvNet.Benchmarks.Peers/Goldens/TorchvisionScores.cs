using System.Globalization;
using Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;
using Microsoft.ML.ConvNet.Core.Tests.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Goldens;

/// <summary>The logits of torchvision's networks for hashed weights and a hashed image.</summary>
internal static class TorchvisionScores
{
    private const int Classes = 10;
    private const int Size = 224;
    private const int NumbersInLine = 5;

    private static readonly string[] Networks =
    [
        "alexnet", "vgg11", "resnet18", "resnet50", "squeezenet1.0", "squeezenet", "densenet121", "googlenet", "inception-v3",
        "mobilenet-v2", "resnext50-32x4d", "wide-resnet50-2", "shufflenet-v2",
    ];

    /// <summary>Writes them.</summary>
    public static void Write(TextWriter writer)
    {
        foreach (string name in Networks)
        {
            writer.WriteLine($"        [\"{name}\"] =");
            writer.WriteLine("        [");
            foreach (double[] line in Logits(name).Chunk(NumbersInLine))
            {
                writer.WriteLine($"            {string.Join(", ", line.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))},");
            }

            writer.WriteLine("        ],");
        }
    }

    private static double[] Logits(string name)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        nn.Module<Tensor, Tensor> module = LibTorchNetworks.Create(name, Classes);
        foreach ((string parameter, Tensor tensor) in module.state_dict())
        {
            if (tensor.is_floating_point())
            {
                float[] numbers = new float[tensor.numel()];
                HashedNumbers.FillParameter(parameter, [.. tensor.shape.Select(length => (int)length)], numbers);
                tensor.copy_(from_array(numbers).reshape(tensor.shape));
            }
        }

        float[] pixels = new float[3 * Size * Size];
        HashedNumbers.FillImage(pixels);
        module.eval();
        module.to(ScalarType.Float64);
        Tensor logits = module.call(tensor(pixels, [1, 3, Size, Size]).to(ScalarType.Float64));
        return logits.data<double>().ToArray();
    }
}
